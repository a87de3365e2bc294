package io.softq4j.chat.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** Text with places for values: {@code "%s and %d" % (a, b)} and {@code "{} and {name}".format(a, name=b)}. */
final class Format {

    private Format() {
    }

    /**
     * The conversions s, r, d, i, f and %, with a width, a precision and the flags - and 0.
     *
     * @throws TemplateError for others, and if the values are too few or too many
     */
    static String percent(String format, Object values, Run run) {
        List<?> given = values instanceof Tuple tuple ? tuple : List.of(values);
        StringBuilder text = new StringBuilder();
        int used = 0;
        int at = 0;
        while (at < format.length()) {
            int next = format.indexOf('%', at);
            if (next < 0) {
                break;
            }
            add(text, format.substring(at, next), run);
            int end = next + 1;
            while (end < format.length() && "-0123456789.".indexOf(format.charAt(end)) >= 0) {
                end++;
            }
            if (end == format.length()) {
                throw new TemplateError("the % at the end of \"" + format + "\" has no conversion; write %% for the sign itself");
            }
            if (format.charAt(end) == '%') {
                add(text, "%", run);
            } else if (used == given.size()) {
                throw new TemplateError("\"" + format + "\" % needs more values than the " + given.size() + " given");
            } else {
                add(text, converted(format.charAt(end), format.substring(next + 1, end), given.get(used++), run), run);
            }
            at = end + 1;
        }
        if (used < given.size() && (values instanceof Tuple || values instanceof String || Values.isNumber(values)
                || values == None.NONE)) {
            throw new TemplateError("\"" + format + "\" % has no place for all of the " + given.size() + " values");
        }
        add(text, format.substring(at), run);
        return text.toString();
    }

    private static String converted(char conversion, String flags, Object value, Run run) {
        String width = flags.replaceAll("^[-0]+", "").replaceAll("\\..*", "");
        int dot = flags.indexOf('.');
        int precision = dot < 0 ? -1 : small(flags.substring(dot + 1));
        String text;
        if (conversion == 's' || conversion == 'r') {
            text = conversion == 's' ? Values.text(value, run) : Repr.of(value, run);
            text = precision >= 0 ? Strings.head(text, precision) : text;
        } else if (!Values.isNumber(value)) {
            throw new TemplateError("%" + conversion + " needs a number, was a " + Values.kind(value));
        } else if (conversion == 'd' || conversion == 'i') {
            text = Numbers.whole(value).toString();
        } else if (conversion == 'f' && Double.isFinite(Numbers.asDouble(value))) {
            text = fixed(Numbers.asDouble(value), precision < 0 ? 6 : precision);
        } else {
            throw new TemplateError("%" + conversion + " is not supported; %s, %r, %d and %f are");
        }
        int missing = small(width) - Strings.length(text);
        if (missing <= 0) {
            return text;
        } else if (flags.startsWith("-")) {
            return text + " ".repeat(missing);
        }
        boolean zeros = flags.startsWith("0") && conversion != 's' && conversion != 'r';
        int sign = zeros && text.startsWith("-") ? 1 : 0;
        return text.substring(0, sign) + (zeros ? "0" : " ").repeat(missing) + text.substring(sign);
    }

    /** Zero keeps its sign, also where rounding made it. */
    private static String fixed(double value, int digits) {
        String text = new BigDecimal(Math.abs(value)).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
        return Double.doubleToRawLongBits(value) < 0 ? "-" + text : text;
    }

    /** A width or precision; nothing is 0. */
    private static int small(String digits) {
        if (!digits.matches("\\d{0,3}")) {
            throw new TemplateError("width or precision " + digits + " is malformed or above 999");
        }
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }

    /**
     * Values in braces, by place or by name, without conversions; a doubled brace stands for the brace.
     *
     * @throws TemplateError if a brace is alone, or holds more than a name
     */
    static String braces(String format, Arguments arguments, Run run) {
        run.steps(format.length() >> 4);
        StringBuilder text = new StringBuilder();
        int next = 0;
        int done = 0;
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c == '{' || c == '}') {
                run.step();
                add(text, format.substring(done, i), run);
                if (i + 1 < format.length() && format.charAt(i + 1) == c) {
                    done = i + 1;
                    i++;
                    continue;
                }
                int close = format.indexOf('}', i);
                if (c == '}' || close < 0) {
                    throw new TemplateError("format(): a brace of \"" + format + "\" is alone; double it for the brace itself");
                }
                String field = format.substring(i + 1, close);
                add(text, Values.text(field(field.isEmpty() ? String.valueOf(next++) : field, arguments), run), run);
                done = close + 1;
                i = close;
            }
        }
        add(text, format.substring(done), run);
        return text.toString();
    }

    private static Object field(String field, Arguments arguments) {
        if (field.matches("\\d{1,3}") && Integer.parseInt(field) < arguments.positional().size()) {
            return arguments.positional().get(Integer.parseInt(field));
        }
        Object value = arguments.named().get(field);
        if (value == null) {
            throw new TemplateError("format(): there is no value for {" + field + "}; only values by place or by name are supported");
        }
        return value;
    }

    private static void add(StringBuilder text, String part, Run run) {
        run.characters(part.length());
        text.append(part);
    }
}

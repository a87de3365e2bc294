package io.softq4j.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The filters that give text. Their value may be anything; it is made text first. */
final class TextFilters {

    /** Where Jinja's title filter begins a word. */
    private static final Pattern WORD = Pattern.compile("[^-\\s({\\[<]+");

    private static final Pattern LETTERS = Pattern.compile("[\\p{L}\\p{N}_]+");

    private TextFilters() {
    }

    static void addTo(Map<String, Filters.Filter> all) {
        Filters.add(all, "string", (value, given, run) -> Values.text(value, run));
        Filters.add(all, "safe", (value, given, run) -> Values.text(value, run));
        Filters.add(all, "trim", (value, given, run) -> trim(counted(value, run), given[0], run), "chars");
        Filters.add(all, "upper", (value, given, run) -> Strings.upper(counted(value, run)));
        Filters.add(all, "lower", (value, given, run) -> Strings.lower(counted(value, run)));
        Filters.add(all, "capitalize", (value, given, run) -> Strings.capitalize(counted(value, run)));
        Filters.add(all, "title", (value, given, run) -> title(counted(value, run)));
        Filters.add(all, "replace", (value, given, run) -> StringMethods.replace(counted(value, run), Values.text(given[0], run),
                Values.text(given[1], run), given[2] == null || given[2] == None.NONE ? -1 : Numbers.index(given[2]), run), "old", "new",
                "count");
        Filters.add(all, "indent", TextFilters::indent, "width", "first", "blank");
        Filters.add(all, "center", (value, given, run) -> StringMethods.center(counted(value, run), given[0] == null ? 80L : given[0], " ",
                run), "width");
        Filters.add(all, "truncate", TextFilters::truncate, "length", "killwords", "end", "leeway");
        Filters.add(all, "wordwrap", TextFilters::wordwrap, "width", "break_long_words", "wrapstring", "break_on_hyphens");
        Filters.add(all, "join", TextFilters::join, "d", "attribute");
        Filters.add(all, "tojson", TextFilters::json, "ensure_ascii", "indent", "separators", "sort_keys");
        Filters.add(all, "escape", (value, given, run) -> escape(counted(value, run), run));
        Filters.add(all, "e", (value, given, run) -> escape(counted(value, run), run));
        Filters.add(all, "wordcount", (value, given, run) -> LETTERS.matcher(counted(value, run)).results().count());
        all.put("format", (value, arguments, run) -> Format.percent(Values.text(value, run), new Tuple(arguments.positional()), run));
    }

    private static String counted(Object value, Run run) {
        String text = Values.text(value, run);
        run.steps(text.length() >> 5);
        run.characters(text.length());
        return text;
    }

    private static String trim(String text, Object characters, Run run) {
        return characters == null || characters == None.NONE ? Strings.strip(text, true, true)
                : Strings.strip(text, Values.text(characters, run), true, true);
    }

    private static String title(String text) {
        Matcher word = WORD.matcher(text);
        return word.replaceAll(match -> {
            String found = match.group();
            int first = Character.charCount(found.codePointAt(0));
            return Matcher.quoteReplacement(Strings.upper(found.substring(0, first)) + Strings.lower(found.substring(first)));
        });
    }

    private static String escape(String text, Run run) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            String part = switch (text.charAt(i)) {
                case '&' -> "&amp;";
                case '<' -> "&lt;";
                case '>' -> "&gt;";
                case '"' -> "&#34;";
                case '\'' -> "&#39;";
                default -> String.valueOf(text.charAt(i));
            };
            run.characters(part.length());
            escaped.append(part);
        }
        return escaped.toString();
    }

    private static Object indent(Object value, Object[] given, Run run) {
        String indent = indentOf(given[0] == null ? (Object) 4L : given[0], run);
        boolean first = given[1] != null && Values.truth(given[1]);
        boolean blank = given[2] != null && Values.truth(given[2]);
        List<Object> lines = Strings.lines(counted(value, run) + "\n", false, run);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            String line = (String) lines.get(i);
            String before = i == 0 ? first ? indent : "" : blank || !line.isEmpty() ? indent : "";
            run.characters(1L + before.length() + line.length());
            text.append(i == 0 ? "" : "\n").append(before).append(line);
        }
        return text.toString();
    }

    /** At most {@code length} characters with {@code end} in place of what is cut; {@code leeway} more are let be. */
    private static Object truncate(Object value, Object[] given, Run run) {
        String text = counted(value, run);
        long length = given[0] == null ? 255 : Numbers.index(given[0]);
        String end = given[2] == null ? "..." : Values.text(given[2], run);
        long leeway = given[3] == null || given[3] == None.NONE ? 5 : Numbers.index(given[3]);
        if (length < Strings.length(end) || leeway < 0) {
            throw new TemplateError("truncate(length=" + length + ", leeway=" + leeway + "): length must be at least that of end, "
                    + Strings.length(end)
                    + ", and leeway at least 0");
        } else if (Strings.length(text) <= length + leeway) {
            return text;
        }
        String head = Strings.head(text, length - Strings.length(end));
        boolean withinWords = given[1] != null && Values.truth(given[1]);
        return (withinWords || head.indexOf(' ') < 0 ? head : head.substring(0, head.lastIndexOf(' '))) + end;
    }

    private static Object wordwrap(Object value, Object[] given, Run run) {
        long width = given[0] == null ? 79 : Numbers.index(given[0]);
        if (width <= 0) {
            throw new TemplateError("wordwrap(width=" + width + "): must be at least 1");
        }
        String between = given[2] == null || !Values.truth(given[2]) ? "\n" : Values.text(given[2], run);
        WordWrap wrap = new WordWrap((int) Math.min(Integer.MAX_VALUE, width), given[1] == null || Values.truth(given[1]),
                given[3] == null || Values.truth(given[3]), run);
        List<String> lines = new ArrayList<>();
        for (Object line : Strings.lines(counted(value, run), false, run)) {
            lines.add(StringMethods.joined(between, wrap.wrap((String) line), run));
        }
        return StringMethods.joined(between, lines, run);
    }

    /** A number of spaces, or the text itself. */
    private static String indentOf(Object width, Run run) {
        if (width instanceof String s) {
            return s;
        }
        long spaces = Math.max(0, Numbers.index(width));
        run.characters(spaces);
        return " ".repeat((int) spaces);
    }

    private static Object join(Object value, Object[] given, Run run) {
        List<String> texts = new ArrayList<>();
        for (Object item : Values.items(value, run)) {
            run.items(1);
            texts.add(Values.text(given[1] == null ? item : ListFilters.attribute(item, given[1], run), run));
        }
        return StringMethods.joined(given[0] == null ? "" : Values.text(given[0], run), texts, run);
    }

    private static Object json(Object value, Object[] given, Run run) {
        boolean ascii = given[0] != null && Values.truth(given[0]);
        String indent = given[1] == null || given[1] == None.NONE ? null : indentOf(given[1], run);
        String comma = indent == null ? ", " : ",";
        String colon = ": ";
        if (given[2] instanceof List<?> separators && separators.size() == 2) {
            comma = Values.text(separators.get(0), run);
            colon = Values.text(separators.get(1), run);
        } else if (given[2] != null && given[2] != None.NONE) {
            throw new TemplateError("tojson(separators=...) needs a pair such as (',', ':')");
        }
        return new JsonText(run, indent, comma, colon, ascii, given[3] != null && Values.truth(given[3])).of(value);
    }
}

package io.softq4j.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** The methods of a string, as Python has them. */
final class StringMethods {

    static final Map<String, BoundMethod.Method> ALL = all();

    /** A method of a string, after its arguments are counted: {@code given} holds Java's null for those left out. */
    private interface Body {

        Object call(String s, Object[] given, Run run);
    }

    private StringMethods() {
    }

    private static Map<String, BoundMethod.Method> all() {
        Map<String, BoundMethod.Method> all = new TreeMap<>();
        add(all, "strip", 0, (s, given, run) -> strip(s, given[0], true, true), "chars");
        add(all, "lstrip", 0, (s, given, run) -> strip(s, given[0], true, false), "chars");
        add(all, "rstrip", 0, (s, given, run) -> strip(s, given[0], false, true), "chars");
        add(all, "split", 0, (s, given, run) -> split(s, given, false, run), "sep", "maxsplit");
        add(all, "rsplit", 0, (s, given, run) -> split(s, given, true, run), "sep", "maxsplit");
        add(all, "splitlines", 0, (s, given, run) -> Strings.lines(s, given[0] != null && Values.truth(given[0]), run), "keepends");
        add(all, "partition", 1, (s, given, run) -> partition(s, string(given[0]), s.indexOf(separator(given[0])), true), "sep");
        add(all, "rpartition", 1, (s, given, run) -> partition(s, string(given[0]), s.lastIndexOf(separator(given[0])), false), "sep");
        add(all, "startswith", 1, (s, given, run) -> affix(given[0], affix -> s.startsWith(affix)), "prefix");
        add(all, "endswith", 1, (s, given, run) -> affix(given[0], affix -> s.endsWith(affix)), "suffix");
        add(all, "removeprefix", 1, (s, given, run) -> s.startsWith(string(given[0])) ? s.substring(string(given[0]).length()) : s,
                "prefix");
        add(all, "removesuffix", 1, (s, given, run) -> s.endsWith(string(given[0])) ? s.substring(0, s.length() - string(given[0]).length())
                : s,
                "suffix");
        add(all, "replace", 2, (s, given, run) -> replace(s, string(given[0]), string(given[1]), given[2] == null ? -1
                : Numbers.index(given[2]), run),
                "old", "new", "count");
        add(all, "join", 1, (s, given, run) -> join(s, given[0], run), "iterable");
        add(all, "find", 1, (s, given, run) -> place(s, s.indexOf(string(given[0]))), "sub");
        add(all, "rfind", 1, (s, given, run) -> place(s, s.lastIndexOf(string(given[0]))), "sub");
        add(all, "index", 1, (s, given, run) -> index(s, string(given[0])), "sub");
        add(all, "count", 1, (s, given, run) -> string(given[0]).isEmpty() ? Strings.length(s) + 1L
                : Strings.split(s, string(given[0]), -1, run).size() - 1L, "sub");
        add(all, "zfill", 1, (s, given, run) -> zfill(s, Numbers.index(given[0]), run), "width");
        add(all, "ljust", 1, (s, given, run) -> s + fill(s, given[0], given[1], run), "width", "fillchar");
        add(all, "rjust", 1, (s, given, run) -> fill(s, given[0], given[1], run) + s, "width", "fillchar");
        add(all, "center", 1, (s, given, run) -> center(s, given[0], given[1], run), "width", "fillchar");
        caseOf(all, "upper", Strings::upper);
        caseOf(all, "lower", Strings::lower);
        caseOf(all, "casefold", Strings::lower);
        caseOf(all, "title", Strings::title);
        caseOf(all, "capitalize", Strings::capitalize);
        question(all, "isdigit", Character::isDigit);
        question(all, "isdecimal", Character::isDigit);
        question(all, "isnumeric", Character::isDigit);
        question(all, "isalpha", Character::isLetter);
        question(all, "isalnum", Character::isLetterOrDigit);
        question(all, "isspace", Strings::isSpace);
        add(all, "isupper", 0, (s, given, run) -> isUpper(s));
        add(all, "islower", 0, (s, given, run) -> isLower(s));
        all.put("format", (owner, arguments, run) -> Format.braces((String) owner, arguments, run));
        return Map.copyOf(all);
    }

    private static void add(Map<String, BoundMethod.Method> all, String name, int required, Body body, String... parameters) {
        all.put(name, (owner, arguments, run) -> {
            String s = (String) owner;
            // every one reads the string, and most make one that is about as long
            run.steps(s.length() >> 5);
            run.characters(s.length());
            return body.call(s, arguments.bind(name, required, parameters), run);
        });
    }

    private static void caseOf(Map<String, BoundMethod.Method> all, String name, UnaryOperator<String> change) {
        add(all, name, 0, (s, given, run) -> change.apply(s));
    }

    private static void question(Map<String, BoundMethod.Method> all, String name, IntPredicate each) {
        add(all, name, 0, (s, given, run) -> !s.isEmpty() && s.codePoints().allMatch(each));
    }

    static boolean isUpper(String s) {
        return s.equals(Strings.upper(s)) && !s.equals(Strings.lower(s));
    }

    static boolean isLower(String s) {
        return s.equals(Strings.lower(s)) && !s.equals(Strings.upper(s));
    }

    private static String string(Object value) {
        if (value instanceof String s) {
            return s;
        }
        throw value instanceof Undefined u ? u.error() : new TemplateError("expected a string, was a " + Values.kind(value));
    }

    private static String separator(Object value) {
        String separator = string(value);
        if (separator.isEmpty()) {
            throw new TemplateError("the separator to split by is empty");
        }
        return separator;
    }

    private static boolean isAbsent(Object value) {
        return value == null || value == None.NONE;
    }

    private static String strip(String s, Object characters, boolean left, boolean right) {
        return isAbsent(characters) ? Strings.strip(s, left, right) : Strings.strip(s, string(characters), left, right);
    }

    private static List<Object> split(String s, Object[] given, boolean fromEnd, Run run) {
        long most = given[1] == null ? -1 : Numbers.index(given[1]);
        if (isAbsent(given[0])) {
            if (fromEnd && most >= 0) {
                throw new TemplateError("rsplit() by white space with a limit is not supported; give it a separator");
            }
            return Strings.words(s, most, run);
        }
        return fromEnd ? Strings.splitFromEnd(s, separator(given[0]), most, run) : Strings.split(s, separator(given[0]), most, run);
    }

    private static Tuple partition(String s, String separator, int at, boolean restIsLast) {
        if (at < 0) {
            return new Tuple(restIsLast ? List.of(s, "", "") : List.of("", "", s));
        }
        return new Tuple(List.of(s.substring(0, at), separator, s.substring(at + separator.length())));
    }

    private static boolean affix(Object affixes, Predicate<String> test) {
        if (affixes instanceof Tuple tuple) {
            return tuple.stream().anyMatch(affix -> test.test(string(affix)));
        }
        return test.test(string(affixes));
    }

    static String replace(String s, String old, String with, long most, Run run) {
        StringBuilder text = new StringBuilder();
        int start = 0;
        int at = s.indexOf(old);
        for (long cuts = 0; at >= 0 && (most < 0 || cuts < most); cuts++) {
            run.step();
            run.characters(at - start + (long) with.length());
            text.append(s, start, at).append(with);
            start = at + old.length();
            // an empty text is found before each character and at the end
            at = !old.isEmpty() ? s.indexOf(old, start) : at == s.length() ? -1 : at + Character.charCount(s.codePointAt(at));
        }
        run.characters(s.length() - (long) start);
        return text.append(s, start, s.length()).toString();
    }

    private static String join(String separator, Object items, Run run) {
        List<String> texts = new ArrayList<>();
        for (Object item : Values.items(items, run)) {
            run.items(1);
            texts.add(string(item));
        }
        return joined(separator, texts, run);
    }

    static String joined(String separator, List<String> texts, Run run) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < texts.size(); i++) {
            run.characters(separator.length() + (long) texts.get(i).length());
            text.append(i == 0 ? "" : separator).append(texts.get(i));
        }
        return text.toString();
    }

    /** A place in UTF-16 as one in code points. */
    private static long place(String s, int at) {
        return at < 0 ? -1 : s.codePointCount(0, at);
    }

    private static long index(String s, String part) {
        int at = s.indexOf(part);
        if (at < 0) {
            throw new TemplateError("index(): the text is not in the string");
        }
        return place(s, at);
    }

    private static String zfill(String s, long width, Run run) {
        int sign = s.startsWith("-") || s.startsWith("+") ? 1 : 0;
        return s.substring(0, sign) + fill(s, width, "0", run) + s.substring(sign);
    }

    /** Of an odd number of places the one more stands on the left if the width is odd, as Python has it. */
    static String center(String s, Object width, Object with, Run run) {
        String fill = fill(s, width, with, run);
        int places = Strings.length(fill);
        int left = places / 2 + (int) (places & Numbers.index(width) & 1);
        return Strings.head(fill, left) + s + Strings.head(fill, places - left);
    }

    private static String fill(String s, Object width, Object with, Run run) {
        long missing = Math.max(0, Numbers.index(width) - Strings.length(s));
        run.characters(missing);
        String one = with == null ? " " : string(with);
        if (Strings.length(one) != 1) {
            throw new TemplateError("fill with one character, not with \"" + one + "\"");
        }
        return one.repeat((int) missing);
    }
}

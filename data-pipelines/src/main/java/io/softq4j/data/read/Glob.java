package io.softq4j.data.read;

import io.softq4j.common.UserError;
import java.util.regex.Pattern;

/**
 * A pattern of paths: {@code *} and {@code ?} within a name, {@code **} across directories, {@code [a-z]}, {@code [!a-z]},
 * <code>{a,b}</code>, and a backslash before what is meant as it is. As in a shell, and unlike {@link java.nio.file.PathMatcher}, {@code **}
 * followed by a slash may stand for no directory at all, and a name that begins with a dot matches a pattern that does.
 */
final class Glob {

    private static final String SPECIAL = "*?[{";
    private static final String NOT_HIDDEN = "(?!\\.)";

    private final String glob;
    private final int depth;
    private final Pattern pattern;

    /** @throws UserError if a bracket is not closed */
    Glob(String glob) {
        this.glob = glob;
        this.depth = glob.contains("**") ? Integer.MAX_VALUE : (int) glob.chars().filter(c -> c == '/').count() + 1;
        this.pattern = Pattern.compile(regex());
    }

    static boolean isGlob(String spec) {
        return spec.chars().anyMatch(c -> SPECIAL.indexOf(c) >= 0);
    }

    /** Of a glob, the part in front that names one directory, with the slash behind it; may be empty. */
    static String directory(String glob) {
        int special = 0;
        while (SPECIAL.indexOf(glob.charAt(special)) < 0) {
            special++;
        }
        return glob.substring(0, glob.lastIndexOf('/', special) + 1);
    }

    /** How deep below its directory a path may lie that matches. */
    int depth() {
        return depth;
    }

    /** Whether {@code path}, with slashes, matches from its beginning to its end. */
    boolean matches(String path) {
        return pattern.matcher(path).matches();
    }

    private String regex() {
        StringBuilder regex = new StringBuilder();
        int groups = 0;
        boolean nameStart = true;
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            boolean first = nameStart;
            nameStart = c == '/' || groups > 0 && first && (c == '{' || c == ',');
            switch (c) {
                case '*' -> {
                    boolean across = glob.startsWith("**", i);
                    if (across && glob.startsWith("**/", i) && first) {
                        regex.append("(?:").append(NOT_HIDDEN).append("[^/]+/)*");
                        i += 2;
                        nameStart = true;
                    } else if (across) {
                        regex.append(first ? NOT_HIDDEN : "").append("(?:[^/]|/").append(NOT_HIDDEN).append(")*");
                        i++;
                    } else {
                        regex.append(first ? NOT_HIDDEN : "").append("[^/]*");
                    }
                }
                case '?' -> regex.append(first ? NOT_HIDDEN : "").append("[^/]");
                case '[' -> i = characters(regex, i);
                case '{' -> {
                    groups++;
                    nameStart = first;
                    regex.append("(?:");
                }
                case '}' -> {
                    regex.append(groups > 0 ? ")" : "\\}");
                    groups = Math.max(0, groups - 1);
                }
                case ',' -> regex.append(groups > 0 ? "|" : ",");
                case '\\' -> {
                    i++;
                    if (i == glob.length()) {
                        throw malformed("it ends with a backslash");
                    }
                    regex.append(Pattern.quote(glob.substring(i, i + 1)));
                }
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        if (groups > 0) {
            throw malformed("a { is never closed");
        }
        return regex.toString();
    }

    /** Appends the class that begins at {@code open}; gives the index of its closing bracket. */
    private int characters(StringBuilder regex, int open) {
        boolean not = open + 1 < glob.length() && (glob.charAt(open + 1) == '!' || glob.charAt(open + 1) == '^');
        int from = open + (not ? 2 : 1);
        // a bracket right behind the opening one is a character
        int close = glob.indexOf(']', from + 1);
        if (close < 0) {
            throw malformed("a [ is never closed");
        }
        regex.append("(?!/)[").append(not ? "^" : "");
        for (int i = from; i < close; i++) {
            char c = glob.charAt(i);
            boolean range = c == '-' && i > from && i < close - 1;
            regex.append(range || Character.isLetterOrDigit(c) ? "" : "\\").append(c);
        }
        regex.append(']');
        return close;
    }

    private UserError malformed(String what) {
        return new UserError("the pattern " + glob + " is malformed: " + what + ". Put a backslash before a character that is meant as it is");
    }
}

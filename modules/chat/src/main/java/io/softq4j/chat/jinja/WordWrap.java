package io.softq4j.chat.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Wraps text into lines of at most n code points, cut as Python's {@code textwrap} cuts: between words, after hyphens, and within a word
 * that is longer than a line.
 */
final class WordWrap {

    private static final String SPACE = "[\\t\\n\\x0b\\x0c\\r ]";
    private static final String PART = "[\\w!\"'&.,?]";
    private static final String LETTER = "[^\\d\\W]";
    private static final Pattern WORDS = Pattern.compile(SPACE + "+|[^\\t\\n\\x0b\\x0c\\r ]+");
    /** A hyphen between letters ends a chunk, and so does a dash of two or more. */
    private static final Pattern CHUNKS = Pattern.compile(SPACE + "+|(?<=" + PART + ")-{2,}(?=\\w)|[^\\t\\n\\x0b\\x0c\\r ]+?(?:"
            + "-(?:(?<=" + LETTER + "{2}-)|(?<=" + LETTER + "-" + PART + "-))(?=" + LETTER + "-?" + LETTER + ")"
            + "|(?=" + SPACE + "|\\z)|(?<=" + PART + ")(?=-{2,}\\w))", Pattern.UNICODE_CHARACTER_CLASS);

    private final int width;
    private final boolean breaksLongWords;
    private final boolean breaksOnHyphens;
    private final Run run;

    WordWrap(int width, boolean breaksLongWords, boolean breaksOnHyphens, Run run) {
        this.width = width;
        this.breaksLongWords = breaksLongWords;
        this.breaksOnHyphens = breaksOnHyphens;
        this.run = run;
    }

    /** One line of text as several. */
    List<String> wrap(String text) {
        Deque<String> chunks = new ArrayDeque<>();
        Matcher matcher = (breaksOnHyphens ? CHUNKS : WORDS).matcher(text);
        while (matcher.find()) {
            run.items(1);
            chunks.add(matcher.group());
        }
        List<String> lines = new ArrayList<>();
        while (!chunks.isEmpty()) {
            if (!lines.isEmpty() && isSpace(chunks.peek())) {
                chunks.pop();
            }
            List<String> line = line(chunks);
            if (!line.isEmpty() && isSpace(line.get(line.size() - 1))) {
                line.remove(line.size() - 1);
            }
            if (!line.isEmpty()) {
                run.items(1);
                lines.add(String.join("", line));
            }
        }
        return lines;
    }

    /** Takes what goes on one line from {@code chunks}. */
    private List<String> line(Deque<String> chunks) {
        List<String> line = new ArrayList<>();
        int length = 0;
        while (!chunks.isEmpty() && length + Strings.length(chunks.peek()) <= width) {
            length += Strings.length(chunks.peek());
            line.add(chunks.pop());
        }
        if (!chunks.isEmpty() && Strings.length(chunks.peek()) > width) {
            if (breaksLongWords) {
                String chunk = chunks.pop();
                String head = Strings.head(chunk, width - length);
                int hyphen = breaksOnHyphens ? head.lastIndexOf('-') : -1;
                head = hyphen > 0 && !head.substring(0, hyphen).matches("-*") ? head.substring(0, hyphen + 1) : head;
                run.characters(chunk.length());
                line.add(head);
                chunks.push(chunk.substring(head.length()));
            } else if (line.isEmpty()) {
                line.add(chunks.pop());
            }
        }
        return line;
    }

    private static boolean isSpace(String chunk) {
        return Strings.strip(chunk, true, true).isEmpty();
    }
}

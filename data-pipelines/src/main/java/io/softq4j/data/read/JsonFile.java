package io.softq4j.data.read;

/** A file that calls itself JSON: the array that it should be, or JSON Lines, as many are. */
final class JsonFile {

    private JsonFile() {
    }

    /** Looks at the first line: an object that is whole there is a row, one that is not holds the rows. */
    static RowSource open(ByteWindow window, ReadOptions options) {
        int at = 0;
        while (true) {
            if (window.from + at >= window.to && !window.more()) {
                return new JsonLines(window, options);
            }
            byte b = window.bytes[window.from + at];
            if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
                boolean array = b == '[' || b == '{' && !endsInItsLine(window, at);
                return array ? new JsonArray(window, options) : new JsonLines(window, options);
            }
            if (++at > RowSource.LONGEST_ROW) {
                return new JsonLines(window, options);
            }
        }
    }

    private static boolean endsInItsLine(ByteWindow window, int from) {
        int depth = 0;
        boolean string = false;
        for (int i = from; i <= RowSource.LONGEST_ROW; i++) {
            if (window.from + i >= window.to && !window.more()) {
                return true;
            }
            byte b = window.bytes[window.from + i];
            if (b == '\n') {
                // malformed lines end here too, and are told as such
                return depth <= 0 || string;
            } else if (string) {
                if (b == '\\') {
                    i++;
                }
                string = b != '"';
            } else if (b == '"') {
                string = true;
            } else if (b == '{' || b == '[') {
                depth++;
            } else if (b == '}' || b == ']') {
                depth--;
            }
        }
        return true;
    }
}

package io.softq4j.data.read;

import io.softq4j.common.UserError;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How a corpus file is written. */
public enum Format {
    /** By the extension of each file. */
    AUTO,
    /** One JSON object a line (jsonlines.org). */
    JSONL("jsonl", "ndjson"),
    /** A JSON array of objects, alone or within an object; or JSON Lines after all. */
    JSON("json"),
    /** Comma-separated values with a header (RFC 4180). */
    CSV("csv"),
    /** Tab-separated values with a header, quoted as in CSV. */
    TSV("tsv", "tab"),
    /** Apache Parquet. */
    PARQUET("parquet"),
    /** Plain text, of one column {@code text}. */
    TEXT("txt", "text", "md", "log");

    private static final List<String> COMPRESSIONS = List.of(".gz", ".zst", ".zstd");

    private final List<String> extensions;

    Format(String... extensions) {
        this.extensions = List.of(extensions);
    }

    /** As it is spelled in a configuration, such as {@code jsonl}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * By the extension of {@code file}, that of a compression left out.
     *
     * @throws UserError if no format has this extension
     */
    public static Format of(Path file) {
        return known(file).orElseThrow(() -> new UserError("cannot tell the format of " + file + " by its name; known are " + extensionsKnown()
                + ", each also with .gz or .zst behind it. Rename the file, or set data.format to one of "
                + Arrays.stream(values()).filter(format -> format != AUTO).map(Format::key).collect(Collectors.joining(", "))));
    }

    /** As {@link #of}; empty if no format has this extension. */
    static Optional<Format> known(Path file) {
        Path last = file.getFileName();
        String name = last == null ? "" : last.toString().toLowerCase(Locale.ROOT);
        for (String compression : COMPRESSIONS) {
            if (name.endsWith(compression)) {
                name = name.substring(0, name.length() - compression.length());
                break;
            }
        }
        String extension = name.substring(name.lastIndexOf('.') + 1);
        boolean none = extension.length() == name.length();
        return none ? Optional.empty() : Arrays.stream(values()).filter(format -> format.extensions.contains(extension)).findFirst();
    }

    static String extensionsKnown() {
        return Arrays.stream(values()).flatMap(format -> format.extensions.stream()).map(e -> "." + e).collect(Collectors.joining(", "));
    }
}

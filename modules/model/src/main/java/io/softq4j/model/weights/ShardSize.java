package io.softq4j.model.weights;

import io.softq4j.common.UserError;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Bytes of tensors in one file, as Hugging Face's {@code max_shard_size} is written.
 *
 * @param bytes 1 or more
 */
public record ShardSize(long bytes) {

    /** Hugging Face's own limit, as it is written. */
    public static final String DEFAULT = "5GB";

    private static final String UNIT = "(KB|MB|GB|TB|KiB|MiB|GiB|TiB)?";

    /** What the text of a size looks like, as a regular expression. */
    public static final String FORM = "0{0,11}[1-9]\\d{0,11}" + UNIT;

    private static final Pattern TEXT = Pattern.compile("(\\d{1,12})" + UNIT);
    private static final Map<String, Long> UNITS = Map.of("KB", 1000L, "MB", 1_000_000L, "GB", 1_000_000_000L, "TB", 1_000_000_000_000L,
            "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30, "TiB", 1L << 40);

    public ShardSize {
        if (bytes < 1) {
            throw new UserError("max_shard_size must be at least one byte, was " + bytes);
        }
    }

    /** Reads {@code 5GB}, {@code 500MiB} or a number of bytes. @throws UserError if it is none of them */
    public static ShardSize parse(String text) {
        Matcher size = TEXT.matcher(text == null ? "" : text);
        if (!size.matches()) {
            throw new UserError("max_shard_size must be a whole number of bytes or one with KB, MB, GB, TB, KiB, MiB, GiB or TiB behind "
                    + "it, such as"
                    + " 5GB, was '" + text + "'");
        }
        long unit = size.group(2) == null ? 1 : UNITS.get(size.group(2));
        try {
            return new ShardSize(Math.multiplyExact(Long.parseLong(size.group(1)), unit));
        } catch (ArithmeticException e) {
            throw new UserError("max_shard_size must be below 2^63 bytes, was '" + text + "'", e);
        }
    }
}

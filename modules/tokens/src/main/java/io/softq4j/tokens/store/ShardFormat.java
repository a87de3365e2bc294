package io.softq4j.tokens.store;

import io.softq4j.common.UserError;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * A shard file, version 1, little-endian throughout:
 * <pre>
 * bytes          what
 * 8              "SOFTQTOK"
 * 4              version, int32
 * 4              size of this header, 32, int32
 * 8              N, number of examples, int64
 * 8              M, number of tokens, int64
 * 8 (N + 1)      offsets, int64: example i is the tokens offsets[i] to offsets[i + 1], exclusive
 * 4 M            token ids, int32
 * M              response mask, 1 where the token is scored, else 0
 * </pre>
 * The file ends there. It is smaller than 2 GiB, so that one mapping holds it.
 *
 * @param examples N
 * @param tokens   M
 */
record ShardFormat(long examples, long tokens) {

    static final int VERSION = 1;
    static final int HEADER = 32;
    private static final long MAGIC = 0x4B4F545154464F53L;   // "SOFTQTOK" read as a little-endian int64

    ShardFormat {
        // far below overflow, far above what fits one file
        if (examples < 0 || tokens < 0 || examples > Integer.MAX_VALUE || tokens > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(examples + " examples, " + tokens + " tokens");
        }
    }

    long bytes() {
        return HEADER + 8 * (examples + 1) + 5 * tokens;
    }

    int idsAt() {
        return Math.toIntExact(HEADER + 8 * (examples + 1));
    }

    int maskAt() {
        return Math.toIntExact(idsAt() + 4 * tokens);
    }

    ByteBuffer header() {
        return ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(MAGIC).putInt(VERSION).putInt(HEADER).putLong(examples).putLong(tokens).flip();
    }

    /**
     * Reads the header of a whole mapped file.
     *
     * @throws UserError if {@code file} is no shard, of another version, or of another size than its header says
     */
    static ShardFormat read(ByteBuffer mapped, Path file) {
        if (mapped.capacity() < HEADER || mapped.getLong(0) != MAGIC) {
            throw new UserError(file + " is not a token shard (it does not begin with SOFTQTOK); prepare the data again");
        }
        if (mapped.getInt(8) != VERSION || mapped.getInt(12) != HEADER) {
            throw new UserError(file + " has shard format version " + mapped.getInt(8) + ", this program reads version " + VERSION
                    + "; prepare the data again");
        }
        long examples = mapped.getLong(16);
        long tokens = mapped.getLong(24);
        boolean possible = examples >= 0 && examples <= Integer.MAX_VALUE && tokens >= 0 && tokens <= Integer.MAX_VALUE;
        if (!possible || new ShardFormat(examples, tokens).bytes() != mapped.capacity()) {
            throw new UserError(file + " is damaged: its header announces " + examples + " examples and " + tokens + " tokens, which is "
                    + (possible ? new ShardFormat(examples, tokens).bytes() + " bytes" : "impossible") + ", the file has "
                    + mapped.capacity()
                    + " bytes. The likely cause is an incomplete copy; copy it again or prepare the data again");
        }
        return new ShardFormat(examples, tokens);
    }
}

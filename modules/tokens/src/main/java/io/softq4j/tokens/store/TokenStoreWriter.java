package io.softq4j.tokens.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.Json;
import io.softq4j.common.Sha256;
import io.softq4j.common.UserError;
import io.softq4j.tokens.Example;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.TokenizerFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Writes a token store: shards of a fixed number of examples, the tokenizer's files, and last the manifest. One shard is held in memory.
 *
 * <p>Write into the directory that {@link io.softq4j.common.AtomicFiles#writeDirectory} gives, so that the store appears whole or not
 * at all; without {@link #finish} there is no manifest and {@link TokenStore#open} refuses the directory.
 */
public final class TokenStoreWriter {

    private final Path directory;
    private final Tokenizer tokenizer;
    private final int endId;
    private final int examplesPerShard;
    private final List<Manifest.Shard> shards = new ArrayList<>();
    private long tokens;
    private long responseTokens;

    private final long[] offsets;
    private int[] ids = new int[1 << 16];
    private byte[] mask = new byte[1 << 16];
    private int inShard;

    /** As the other constructor, for responses that end in the tokenizer's EOS. */
    public TokenStoreWriter(Path directory, Tokenizer tokenizer, int examplesPerShard) {
        this(directory, tokenizer, tokenizer.eosId(), examplesPerShard);
    }

    /**
     * Prepares to write.
     *
     * @param directory exists and is empty
     * @param endId     the id that ends a response
     */
    public TokenStoreWriter(Path directory, Tokenizer tokenizer, int endId, int examplesPerShard) {
        if (examplesPerShard < 1) {
            throw new UserError("examples_per_shard must be at least 1, was " + examplesPerShard);
        }
        this.directory = directory;
        this.tokenizer = tokenizer;
        this.endId = endId;
        this.examplesPerShard = examplesPerShard;
        this.offsets = new long[examplesPerShard + 1];
    }

    /** Adds one example. */
    public void add(Example example) {
        int used = (int) offsets[inShard];
        long needed = (long) used + example.length();
        if (ShardFormat.HEADER + 8L * (examplesPerShard + 1) + 5 * needed > Integer.MAX_VALUE - 8) {
            throw new UserError("examples_per_shard " + examplesPerShard + " is too many: a shard of examples this long would exceed 2 "
                    + "GiB after "
                    + inShard + " examples. Lower it");
        }
        if (needed > ids.length) {
            int capacity = (int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, 2L * ids.length));
            ids = Arrays.copyOf(ids, capacity);
            mask = Arrays.copyOf(mask, capacity);
        }
        for (int i = 0; i < example.length(); i++) {
            ids[used + i] = example.ids()[i];
            mask[used + i] = (byte) (example.response()[i] ? 1 : 0);
        }
        offsets[++inShard] = needed;
        responseTokens += example.responseTokens();
        if (inShard == examplesPerShard) {
            writeShard();
        }
    }

    /**
     * Writes what is left and the manifest.
     *
     * @param pipelineJson how rows became examples
     * @param counts       what became of the rows; {@code counts.kept()} is the number of examples added
     */
    public Manifest finish(String pipelineJson, RowCounts counts) {
        if (inShard > 0) {
            writeShard();
        }
        long examples = shards.stream().mapToLong(Manifest.Shard::examples).sum();
        if (counts.kept() != examples) {
            throw new IllegalArgumentException(counts.kept() + " rows kept, " + examples + " examples written");
        }
        tokenizer.save(directory);
        try {
            JsonNode pipeline = Json.STRICT.readTree(pipelineJson);
            Manifest manifest = new Manifest(Manifest.FORMAT, ShardFormat.VERSION, examples, tokens, responseTokens, examplesPerShard,
                    shards,
                    Sha256.of(directory.resolve(TokenizerFiles.JSON)), tokenizer.vocabularySize(), endId, pipeline, counts);
            Files.write(directory.resolve(Manifest.FILE), manifest.toJson());
            return manifest;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the pipeline is not JSON", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeShard() {
        ShardFormat format = new ShardFormat(inShard, offsets[inShard]);
        String name = String.format(Locale.ROOT, "shard-%05d.bin", shards.size());
        MessageDigest digest = Sha256.digest();
        try (FileChannel channel = FileChannel.open(directory.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            write(channel, digest, format.header());
            ByteBuffer chunk = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i <= inShard; i++) {
                if (!chunk.putLong(offsets[i]).hasRemaining()) {
                    drain(channel, digest, chunk);
                }
            }
            drain(channel, digest, chunk);
            for (int i = 0; i < format.tokens(); i++) {
                if (!chunk.putInt(ids[i]).hasRemaining()) {
                    drain(channel, digest, chunk);
                }
            }
            drain(channel, digest, chunk);
            write(channel, digest, ByteBuffer.wrap(mask, 0, (int) format.tokens()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        shards.add(new Manifest.Shard(name, format.examples(), format.tokens(), Sha256.hex(digest)));
        tokens += format.tokens();
        inShard = 0;
    }

    private static void drain(FileChannel channel, MessageDigest digest, ByteBuffer chunk) throws IOException {
        write(channel, digest, chunk.flip());
        chunk.clear();
    }

    private static void write(FileChannel channel, MessageDigest digest, ByteBuffer bytes) throws IOException {
        digest.update(bytes.duplicate());
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}

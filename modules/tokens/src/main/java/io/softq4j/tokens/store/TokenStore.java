package io.softq4j.tokens.store;

import io.softq4j.common.AtomicFiles;
import io.softq4j.common.Sha256;
import io.softq4j.common.UserError;
import io.softq4j.tokens.Example;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.TokenizerFiles;
import io.softq4j.tokens.huggingface.Tokenizers;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A token store holds the examples of a prepared corpus in memory-mapped files. An example is on the heap only after it was asked for.
 * Safe to share between threads. The mapping lives as long as this object; the files must not be changed meanwhile.
 */
public final class TokenStore {

    private record Shard(Path file, ShardFormat format, MappedByteBuffer bytes) {
    }

    private final Path directory;
    private final Manifest manifest;
    private final Shard[] shards;

    private TokenStore(Path directory, Manifest manifest) {
        this.directory = directory;
        this.manifest = manifest;
        this.shards = manifest.shards().stream().map(shard -> map(directory, shard)).toArray(Shard[]::new);
        long examples = 0;
        long tokens = 0;
        for (int s = 0; s < shards.length; s++) {
            ShardFormat format = shards[s].format();
            examples += format.examples();
            tokens += format.tokens();
            boolean last = s == shards.length - 1;
            if (format.examples() > manifest.examplesPerShard() || !last && format.examples() < manifest.examplesPerShard()) {
                throw disagree(shards[s].file() + " holds " + format.examples() + " examples, examples_per_shard is "
                        + manifest.examplesPerShard());
            }
        }
        if (examples != manifest.examples() || tokens != manifest.tokens()) {
            throw disagree("the shards hold " + examples + " examples and " + tokens + " tokens, " + Manifest.FILE + " says "
                    + manifest.examples() + " and " + manifest.tokens());
        }
    }

    /**
     * Opens a store and checks the presence, sizes, versions and headers of its files, not yet their contents: {@link #verify} does.
     *
     * @throws UserError that names the file that is missing, damaged or of another version
     */
    public static TokenStore open(Path directory) {
        if (!Files.exists(directory)) {
            AtomicFiles.recover(directory);
        }
        return new TokenStore(directory, Manifest.read(directory));
    }

    private Shard map(Path directory, Manifest.Shard entry) {
        Path file = directory.resolve(entry.file());
        try (FileChannel channel = FileChannel.open(file)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw new UserError(file + " is not a token shard: it has " + channel.size() + " bytes, a shard has less than 2 GiB");
            }
            MappedByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            bytes.order(ByteOrder.LITTLE_ENDIAN);
            ShardFormat format = ShardFormat.read(bytes, file);
            if (format.examples() != entry.examples() || format.tokens() != entry.tokens()) {
                throw disagree(file + " holds " + format.examples() + " examples and " + format.tokens() + " tokens, " + Manifest.FILE
                        + " says "
                        + entry.examples() + " and " + entry.tokens());
            }
            return new Shard(file, format, bytes);
        } catch (NoSuchFileException e) {
            throw new UserError("the token store " + directory + " is incomplete: " + file + " is missing. "
                    + "Copy it again or prepare the data again", e);
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static UserError disagree(String what) {
        return new UserError(what + ". The files come from different preparations or were damaged; prepare the data again");
    }

    /** Number of examples. */
    public long size() {
        return manifest.examples();
    }

    /** Number of tokens of all examples, prompts included. */
    public long tokens() {
        return manifest.tokens();
    }

    public Manifest manifest() {
        return manifest;
    }

    /** The tokenizer that made the ids. */
    public Tokenizer tokenizer() {
        return Tokenizers.load(directory);
    }

    /**
     * Number of tokens of example {@code index}, without reading them.
     *
     * @throws UserError if the shard is damaged there
     */
    public int length(long index) {
        Shard shard = shardOf(index);
        long start = offset(shard, indexIn(index));
        long end = offset(shard, indexIn(index) + 1);
        if (start < 0 || end < start || end > shard.format().tokens()) {
            throw damaged(shard, index, "its tokens would be " + start + " to " + end + " of " + shard.format().tokens());
        }
        return (int) (end - start);
    }

    /**
     * Example {@code index}, from 0; constant time.
     *
     * @throws UserError if its bytes are not those of an example
     */
    public Example get(long index) {
        Shard shard = shardOf(index);
        int[] ids = new int[length(index)];
        boolean[] response = new boolean[ids.length];
        int start = (int) offset(shard, indexIn(index));
        shard.bytes().slice(shard.format().idsAt() + 4 * start, 4 * ids.length).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(ids);
        byte[] mask = new byte[ids.length];
        shard.bytes().get(shard.format().maskAt() + start, mask);
        for (int k = 0; k < ids.length; k++) {
            if (ids[k] < 0 || ids[k] >= manifest.vocabularySize() || mask[k] < 0 || mask[k] > 1) {
                throw damaged(shard, index, "token " + k + " has id " + ids[k] + " and mask " + mask[k] + ", the vocabulary has "
                        + manifest.vocabularySize());
            }
            response[k] = mask[k] == 1;
        }
        return new Example(ids, response);
    }

    private static UserError damaged(Shard shard, long index, String what) {
        return new UserError(shard.file() + " is damaged at example " + index + ": " + what + ". Prepare the data again");
    }

    private Shard shardOf(long index) {
        if (index < 0 || index >= manifest.examples()) {
            throw new IndexOutOfBoundsException("example " + index + " of " + manifest.examples());
        }
        return shards[(int) (index / manifest.examplesPerShard())];
    }

    private int indexIn(long index) {
        return (int) (index % manifest.examplesPerShard());
    }

    private static long offset(Shard shard, int i) {
        return shard.bytes().getLong(ShardFormat.HEADER + 8 * i);
    }

    /**
     * Reads every file and compares its SHA-256 with the manifest's.
     *
     * @throws UserError that names the first file that differs
     */
    public void verify() {
        for (int s = 0; s < shards.length; s++) {
            verify(shards[s].file(), manifest.shards().get(s).sha256());
        }
        verify(directory.resolve(TokenizerFiles.JSON), manifest.tokenizerSha256());
    }

    private static void verify(Path file, String expected) {
        String seen;
        try {
            seen = Sha256.of(file);
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + e.getMessage(), e);
        }
        if (!seen.equals(expected)) {
            throw new UserError(file + " is not the file that was prepared: its SHA-256 is " + seen + ", " + Manifest.FILE + " says "
                    + expected
                    + ". Copy it again or prepare the data again");
        }
    }
}

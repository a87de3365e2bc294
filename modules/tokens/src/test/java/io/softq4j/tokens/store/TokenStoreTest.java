package io.softq4j.tokens.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.AtomicFiles;
import io.softq4j.common.UserError;
import io.softq4j.tokens.Example;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.bpe.BpeOptions;
import io.softq4j.tokens.bpe.BpeTrainer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenStoreTest {

    private static final Tokenizer BYTES = new BpeTrainer(BpeOptions.defaults()).train();

    @TempDir
    Path home;

    @Test
    void examplesComeBackInOrderFromEveryShard() {
        List<Example> examples = examples(25);
        for (int perShard : new int[] {1, 7, 25, 1000}) {
            TokenStore store = TokenStore.open(write(home.resolve("s" + perShard), examples, perShard));
            assertEquals(25, store.size());
            assertEquals(examples.stream().mapToLong(Example::length).sum(), store.tokens());
            for (int i = 24; i >= 0; i--) {
                assertEquals(examples.get(i), store.get(i));
                assertEquals(examples.get(i).length(), store.length(i));
            }
            assertEquals((25 + perShard - 1) / perShard, store.manifest().shards().size());
            store.verify();
            assertThrows(IndexOutOfBoundsException.class, () -> store.get(25));
            assertThrows(IndexOutOfBoundsException.class, () -> store.get(-1));
        }
    }

    @Test
    void theBytesAreAsDocumented() throws IOException {
        Path directory = write(home.resolve("s"), List.of(new Example(new int[] {1, 256}, new boolean[] {false, true}),
                new Example(new int[] {7}, new boolean[] {true})), 10);
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(directory.resolve("shard-00000.bin"))).order(ByteOrder.LITTLE_ENDIAN);
        byte[] magic = new byte[8];
        file.get(magic);
        assertArrayEquals("SOFTQTOK".getBytes(), magic);
        assertEquals(List.of(1, 32), List.of(file.getInt(), file.getInt()));
        assertEquals(List.of(2L, 3L), List.of(file.getLong(), file.getLong()));
        assertEquals(List.of(0L, 2L, 3L), List.of(file.getLong(), file.getLong(), file.getLong()));
        assertEquals(List.of(1, 256, 7), List.of(file.getInt(), file.getInt(), file.getInt()));
        assertEquals(List.of(0, 1, 1), List.of((int) file.get(), (int) file.get(), (int) file.get()));
        assertFalse(file.hasRemaining());
    }

    @Test
    void theManifestSaysWhatBecameOfEveryRow() {
        TreeMap<String, RowCounts.Rows> dropped = new TreeMap<>();
        dropped.put("too_long", new RowCounts.Rows(2, List.of("a.jsonl:3", "a.jsonl:9")));
        RowCounts counts = new RowCounts(3, 1, dropped, new RowCounts.Rows(1, List.of("a.jsonl:1")));
        Path directory = home.resolve("s");
        AtomicFiles.writeDirectory(directory, d -> {
            TokenStoreWriter writer = new TokenStoreWriter(d, BYTES, 4);
            writer.add(examples(1).get(0));
            writer.finish("{\"steps\": [1]}", counts);
        });
        Manifest manifest = TokenStore.open(directory).manifest();
        assertEquals(counts, manifest.counts());
        assertEquals(2, manifest.counts().droppedRows());
        assertEquals("{\"steps\":[1]}", manifest.pipeline().toString());
        assertEquals(257, manifest.vocabularySize());
        assertEquals(BYTES.eosId(), TokenStore.open(directory).tokenizer().eosId());
    }

    @Test
    void rowsThatDoNotAddUpAreAProgrammingError() {
        assertThrows(IllegalArgumentException.class, () -> new RowCounts(3, 2, new TreeMap<>(), new RowCounts.Rows(0, List.of())));
        assertThrows(IllegalArgumentException.class, () -> new TokenStoreWriter(home, BYTES, 4).finish("{}", RowCounts.allKept(1)));
    }

    @Test
    void theSameExamplesGiveTheSameBytes() throws IOException {
        Path a = write(home.resolve("a"), examples(20), 7);
        Path b = write(home.resolve("b"), examples(20), 7);
        try (var files = Files.list(a)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(b.resolve(file.getFileName())), file.toString());
            }
        }
    }

    @Test
    void damageIsFoundAndTheFileNamed() throws IOException {
        Path directory = write(home.resolve("s"), examples(20), 7);
        Path shard = directory.resolve("shard-00001.bin");
        byte[] whole = Files.readAllBytes(shard);

        Files.write(shard, Arrays.copyOf(whole, whole.length - 1));
        assertOpenFails(directory, shard + " is damaged: its header announces 7 examples and ", "The likely cause is an incomplete copy");
        Files.write(shard, new byte[0]);
        assertOpenFails(directory, shard + " is not a token shard (it does not begin with SOFTQTOK)");
        Files.write(shard, "hello, this is another file, quite another".getBytes());
        assertOpenFails(directory, shard + " is not a token shard");
        Files.write(shard, changed(whole, 8, 2));
        assertOpenFails(directory, shard + " has shard format version 2, this program reads version 1; prepare the data again");
        Files.write(shard, changed(whole, 31, 0x7f));
        assertOpenFails(directory, shard + " is damaged", "which is impossible");
        Files.write(shard, Files.readAllBytes(directory.resolve("shard-00002.bin")));
        assertOpenFails(directory, shard + " holds 6 examples and ", "manifest.json says 7 and ");
        Files.delete(shard);
        assertOpenFails(directory, "the token store " + directory + " is incomplete: " + shard + " is missing");

        Files.write(shard, changed(whole, whole.length - 1, 1 - whole[whole.length - 1]));
        TokenStore flipped = TokenStore.open(directory);
        UserError error = assertThrows(UserError.class, flipped::verify);
        assertTrue(error.getMessage().startsWith(shard + " is not the file that was prepared: its SHA-256 is "), error.getMessage());

        Files.write(shard, changed(whole, whole.length - 1, 9));
        error = assertThrows(UserError.class, () -> TokenStore.open(directory).get(13));
        assertTrue(error.getMessage().startsWith(shard + " is damaged at example 13: token "), error.getMessage());
        Files.write(shard, changed(whole, 32 + 8 * 2 + 6, 1));
        error = assertThrows(UserError.class, () -> TokenStore.open(directory).get(8));
        assertTrue(error.getMessage().startsWith(shard + " is damaged at example 8: its tokens would be "), error.getMessage());
        assertThrows(UserError.class, () -> TokenStore.open(directory).length(9));

        Files.write(shard, whole);
        TokenStore.open(directory).verify();
        Files.writeString(directory.resolve("tokenizer.json"), " ", StandardOpenOption.APPEND);
        error = assertThrows(UserError.class, () -> TokenStore.open(directory).verify());
        assertTrue(error.getMessage().startsWith(directory.resolve("tokenizer.json") + " is not the file that was prepared"),
                error.getMessage());
    }

    @Test
    void aManifestThatIsMissingForeignOrCutIsNamed() throws IOException {
        assertOpenFails(home, "no token store at " + home + ": there is no manifest.json.");
        Path directory = write(home.resolve("s"), examples(3), 7);
        Path manifest = directory.resolve("manifest.json");
        String whole = Files.readString(manifest);
        Files.writeString(manifest, whole.substring(0, 200));
        assertOpenFails(directory, manifest + " is damaged: ", "Prepare the data again");
        Files.writeString(manifest, "{\"format\": \"else\"}");
        assertOpenFails(directory, manifest + " is not the manifest of a token store: its \"format\" is \"else\", expected \"softq4j "
                + "token store\"");
        Files.writeString(manifest, whole.replace("\"format_version\" : 1", "\"format_version\" : 9"));
        assertOpenFails(directory, manifest + " has format version 9, this program reads version 1");
        Files.writeString(manifest, whole.replace("\"examples\" : 3,", ""));
        assertOpenFails(directory, manifest + " is damaged: key '");
        Files.writeString(manifest, whole.replace("shard-00000.bin", "../shard-00000.bin"));
        assertOpenFails(directory, manifest + " is damaged: ", "is not a file name");
        Files.writeString(manifest, whole.replace("\"examples_per_shard\" : 7", "\"examples_per_shard\" : 2"));
        assertOpenFails(directory, "holds 3 examples, examples_per_shard is 2");
    }

    @Test
    void shardsHoldAtLeastOneExample() {
        assertEquals("examples_per_shard must be at least 1, was 0",
                assertThrows(UserError.class, () -> new TokenStoreWriter(home, BYTES, 0)).getMessage());
    }

    /** Kills a real process that rewrites a store for ever; at whatever moment, the store opens and verifies. */
    @Test
    void aProcessKilledWhileWritingLeavesAWholeStore() throws Exception {
        Path directory = home.resolve("s");
        for (int round = 0; round < 4; round++) {
            AtomicFiles.delete(directory);
            Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m", "-cp",
                    System.getProperty("java.class.path"), Rewriter.class.getName(), directory.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            for (int waited = 0; !Files.exists(directory) && waited < 1000; waited++) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            TimeUnit.MICROSECONDS.sleep(2_000 + 17_919 * round);
            process.destroyForcibly().waitFor();
            AtomicFiles.recover(directory);
            TokenStore store = TokenStore.open(directory);
            store.verify();
            assertEquals(examples(50).get(49), store.get(49));
        }
    }

    /** The process that is killed. */
    static final class Rewriter {
        public static void main(String[] arguments) {
            while (true) {
                write(Path.of(arguments[0]), examples(50), 8);
            }
        }
    }

    private void assertOpenFails(Path directory, String... parts) {
        String message = assertThrows(UserError.class, () -> TokenStore.open(directory)).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }

    private static byte[] changed(byte[] bytes, int at, int value) {
        byte[] changed = bytes.clone();
        changed[at] = (byte) value;
        return changed;
    }

    private static List<Example> examples(int n) {
        Random random = new Random(3);
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            int[] ids = random.ints(random.nextInt(40), 0, 257).toArray();
            boolean[] mask = new boolean[ids.length];
            for (int k = ids.length / 2; k < ids.length; k++) {
                mask[k] = true;
            }
            examples.add(new Example(ids, mask));
        }
        return examples;
    }

    private static Path write(Path directory, List<Example> examples, int perShard) {
        AtomicFiles.writeDirectory(directory, d -> {
            TokenStoreWriter writer = new TokenStoreWriter(d, BYTES, perShard);
            examples.forEach(writer::add);
            writer.finish("{}", RowCounts.allKept(examples.size()));
        });
        return directory;
    }
}

package io.softq4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import io.softq4j.tokens.Rendering;
import io.softq4j.tokens.RowCounts;
import io.softq4j.tokens.TokenStore;
import io.softq4j.tokens.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.datavec.api.split.FileSplit;
import org.datavec.api.transform.TransformProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparationTest {

    private static final TokenizerConfig SMALL = TokenizerConfig.defaults().withVocabSize(320);

    @TempDir
    Path home;

    @Test
    void aCorpusBecomesTwoStoresATokenizerAndACard() throws IOException {
        Path train = Rows.file(home, "train.jsonl", 40);
        Path validation = Rows.file(home, "test.jsonl", 9);
        Path out = home.resolve("out");
        PreparationReport report = prepare(Rows.GSM8K.withFiles(train.toString(), validation.toString()), out);

        TokenStore store = TokenStore.open(out.resolve("train"));
        store.verify();
        assertEquals(40, store.size());
        assertEquals(RowCounts.allKept(40), store.manifest().counts());
        try (var records = Records.read(train, Rows.GSM8K)) {
            Rendering rendering = new Rendering(Tokenizers.load(out));
            List<RenderedRecord> rows = records.toList();
            for (int i = 0; i < 40; i++) {
                assertEquals(rendering.example(rows.get(i).prompt(), rows.get(i).response()), store.get(i));
            }
        }
        assertEquals(9, TokenStore.open(out.resolve("validation")).size());
        assertEquals(9, report.validation().eosTrained());
        assertEquals(320, report.vocabularySize());
        assertEquals(store.tokens(), report.train().tokens());
        assertEquals(List.of(), report.warnings());
        assertTrue(Files.exists(out.resolve("tokenizer_config.json")));

        String card = Files.readString(out.resolve("data-card.md"));
        assertTrue(card.contains("| prompt | `Question: {question}\\nAnswer:` |"), card);
        assertTrue(card.contains("| rows read | 40 |"), card);
        assertTrue(card.contains("| examples that teach where a response ends | 40 |"), card);
        assertTrue(card.contains("    Question: Mara has 3 hens. Each lays 5 eggs a week. How many eggs are laid in 1 weeks?\n"
                + "    Answer:⟦ Each week there are 3*5="), card);
        assertTrue(card.contains("    #### 15␃⟧\n"), card);
    }

    @Test
    void withoutValidationThereIsNone() throws IOException {
        PreparationReport report = prepare(Rows.GSM8K.withFiles(Rows.file(home, "t.jsonl", 5).toString(), null), home.resolve("out"));
        assertNull(report.validation());
        assertFalse(Files.exists(home.resolve("out/validation")));
    }

    @Test
    void theSameCorpusGivesTheSameBytesWherever() throws IOException {
        Path train = Rows.file(home, "train.jsonl", 30);
        Path elsewhere = Rows.file(Files.createDirectory(home.resolve("else")), "train.jsonl", 30);
        prepare(Rows.GSM8K.withFiles(train.toString(), train.toString()), home.resolve("a"));
        prepare(Rows.GSM8K.withFiles(elsewhere.toString(), elsewhere.toString()), home.resolve("else/b"));
        Map<String, byte[]> a = contents(home.resolve("a"));
        Map<String, byte[]> b = contents(home.resolve("else/b"));
        assertEquals(a.keySet(), b.keySet());
        a.forEach((name, bytes) -> assertArrayEquals(bytes, b.get(name), name));
    }

    @Test
    void thePipelineInTheManifestMakesTheStoreAgain() throws Exception {
        Path train = Rows.file(home, "train.jsonl", 12);
        prepare(Rows.GSM8K.withFiles(train.toString(), null), home.resolve("out"));
        TokenStore store = TokenStore.open(home.resolve("out/train"));
        TransformProcess pipeline = Pipeline.read(store.manifest().pipeline().toString(), home.resolve("out/train"));
        try (JsonLinesRecordReader reader = new JsonLinesRecordReader(Rows.GSM8K.fields())) {
            reader.initialize(new FileSplit(train.toFile()));
            for (long i = 0; reader.hasNext(); i++) {
                assertEquals(store.get(i), TokenizeTransform.example(pipeline.execute(reader.next())));
            }
        }
    }

    @Test
    void everyRowLeftOutIsCountedWithItsLine() throws IOException {
        Path train = Files.writeString(home.resolve("train.jsonl"), String.join("\n", Rows.row(1), "{broken", Rows.row(2), "{\"question\": \"q\"}",
                "{\"question\": \"q\", \"answer\": \"\"}", "{\"question\": \"q\", \"answer\": null}",
                "{\"question\": \"q\", \"answer\": \"" + "long ".repeat(600) + "\"}",
                "{\"question\": \"q\", \"answer\": \"a<|endoftext|>b\"}", ""));
        PreparationReport report = prepare(Rows.GSM8K.withFiles(train.toString(), null).withOnError(OnError.SKIP), home.resolve("out"));
        RowCounts rows = TokenStore.open(home.resolve("out/train")).manifest().counts();
        assertEquals(rows, report.train().rows());
        assertEquals(8, rows.read());
        assertEquals(2, rows.kept());
        TreeMap<String, List<String>> where = new TreeMap<>();
        rows.dropped().forEach((reason, dropped) -> where.put(reason, dropped.first()));
        assertEquals(Map.of("malformed_json", List.of("train.jsonl:2"), "missing_field", List.of("train.jsonl:4"),
                "empty_response", List.of("train.jsonl:5"), "not_text", List.of("train.jsonl:6"), "too_long", List.of("train.jsonl:7"),
                "end_token_in_response", List.of("train.jsonl:8")), where);
        assertTrue(report.warnings().get(0).startsWith("75% of the rows of train.jsonl are not used: "
                + "1 dropped as empty_response (first at train.jsonl:5), "),
                report.warnings().get(0));
        String card = Files.readString(home.resolve("out/data-card.md"));
        assertTrue(card.contains("| dropped: more than max_length tokens (too_long) | 1, first at train.jsonl:7 |"), card);
        assertTrue(card.contains("**Warning.** 75% of the rows"), card);
    }

    @Test
    void cutRowsAreCountedAndDoNotTeachTheEnd() throws IOException {
        DataConfig data = Rows.GSM8K.withFiles(Rows.file(home, "train.jsonl", 7).toString(), null).withMaxLength(60, OverLength.TRUNCATE);
        PreparationReport report = prepare(data, home.resolve("out"));
        assertEquals(7, report.train().rows().cut().count());
        assertEquals(List.of("train.jsonl:1", "train.jsonl:2", "train.jsonl:3", "train.jsonl:4", "train.jsonl:5"),
                report.train().rows().cut().first());
        assertEquals(0, report.train().eosTrained());
        assertEquals("Every example of train.jsonl was cut at max_length 60, "
                + "so a model cannot learn from it where a response ends. Raise max_length.",
                report.warnings().get(0));
        assertEquals(7 * 60, TokenStore.open(home.resolve("out/train")).tokens());
    }

    @Test
    void whatTheUserGotWrongIsOneErrorAndLeavesNothing() throws IOException {
        Path good = Rows.file(home, "train.jsonl", 3);
        DataConfig data = Rows.GSM8K.withFiles(good.toString(), null);
        assertFails(DataConfig.defaults(), "train is not set: give the path of a JSON Lines file");
        assertFails(data.withFiles(home.resolve("no.jsonl").toString(), null), "there is no file " + home.resolve("no.jsonl"));
        assertFails(data.withFiles(good.toString(), home.resolve("no.jsonl").toString()), "there is no file " + home.resolve("no.jsonl"));
        assertFails(data.withTemplates("{prompt}", "{answer}"), good + ":1: there is no field \"prompt\"; the row has [question, answer]");
        assertFails(data.withMaxLength(10, OverLength.FAIL), good + ":1: the row has ", " tokens, max_length is 10. Raise max_length");
        assertFails(data.withMaxLength(10, OverLength.DROP), "no row of " + good + " can be used: of 3 rows 3 dropped as too_long "
                + "(first at train.jsonl:1, train.jsonl:2, train.jsonl:3). max_length is 10, the shortest row has ");

        Path empty = Files.writeString(home.resolve("empty.jsonl"), "");
        assertFails(data.withFiles(empty.toString(), null), empty + " has no rows; expected a JSON Lines file, one object a line");
        Path bad = Files.writeString(home.resolve("bad.jsonl"), Rows.row(0) + "\n{\"question\": \"cut of");
        assertFails(data.withFiles(bad.toString(), null), bad + ":2: this is not JSON: ");
        assertFails(data.withFiles(good.toString(), bad.toString()), bad + ":2: this is not JSON: ");
    }

    @Test
    void aDirectoryThatIsNotAPreparationIsNotReplaced() throws IOException {
        DataConfig data = Rows.GSM8K.withFiles(Rows.file(home, "train.jsonl", 3).toString(), null);
        String message = assertThrows(UserError.class, () -> prepare(data, home)).getMessage();
        assertTrue(message.startsWith(home + " is not empty and holds no earlier preparation "
                + "(data-card.md and train/manifest.json), so it is not replaced."), message);
        assertTrue(Files.exists(home.resolve("train.jsonl")));
        Path out = Files.createDirectory(home.resolve("out"));
        prepare(data, out);
        prepare(data, out);
        assertEquals(3, TokenStore.open(out.resolve("train")).size());
    }

    @Test
    void aTokenizerFromAFileIsUsedAsItIs() throws IOException {
        DataConfig data = Rows.GSM8K.withFiles(Rows.file(home, "train.jsonl", 10).toString(), null);
        prepare(data, home.resolve("a"));
        PreparationReport report = Preparation.prepare(data, TokenizerConfig.of(home.resolve("a").toString()), home.resolve("b"), Progress.NONE);
        assertFalse(report.trained());
        assertArrayEquals(Files.readAllBytes(home.resolve("a/tokenizer.json")), Files.readAllBytes(home.resolve("b/tokenizer.json")));
        assertEquals(TokenStore.open(home.resolve("a/train")).get(3), TokenStore.open(home.resolve("b/train")).get(3));
    }

    @Test
    void progressRunsFromZeroToTheEndOfEachStage() throws IOException {
        DataConfig data = Rows.GSM8K.withFiles(Rows.file(home, "train.jsonl", 300).toString(), null);
        Map<Progress.Stage, Long> last = new EnumMap<>(Progress.Stage.class);
        Preparation.prepare(data, SMALL, home.resolve("out"), (stage, done, total) -> {
            assertTrue(done >= last.getOrDefault(stage, 0L) && done <= total);
            last.put(stage, done);
        });
        long size = Files.size(home.resolve("train.jsonl"));
        assertEquals(Map.of(Progress.Stage.COUNT_WORDS, size, Progress.Stage.LEARN_MERGES, 320L, Progress.Stage.WRITE_TRAIN, size), last);
    }

    private void assertFails(DataConfig data, String... parts) {
        Path out = home.resolve("out");
        String message = assertThrows(UserError.class, () -> prepare(data, out)).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
        assertFalse(Files.exists(out));
        assertFalse(Files.exists(home.resolve(".out.tmp")));
    }

    private static PreparationReport prepare(DataConfig data, Path out) {
        return Preparation.prepare(data, SMALL, out, Progress.NONE);
    }

    private static Map<String, byte[]> contents(Path directory) throws IOException {
        Map<String, byte[]> contents = new TreeMap<>();
        try (var files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(directory.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return contents;
    }
}

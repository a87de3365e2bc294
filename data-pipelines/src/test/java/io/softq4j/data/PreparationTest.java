package io.softq4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.StoppingStrategy;
import io.softq4j.common.UserError;
import io.softq4j.data.read.JsonLinesRecordReader;
import io.softq4j.data.row.Column;
import io.softq4j.data.step.OverLength;
import io.softq4j.data.step.TokenizeTransform;
import io.softq4j.tokens.Rendering;
import io.softq4j.tokens.huggingface.Tokenizers;
import io.softq4j.tokens.store.RowCounts;
import io.softq4j.tokens.store.TokenStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.datavec.api.split.FileSplit;
import org.datavec.api.transform.TransformProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparationTest {

    private static final TokenizerConfig SMALL = TokenizerConfig.defaults().with(t -> t.vocabSize(320));

    @TempDir
    Path home;

    @Test
    void aCorpusBecomesTwoStoresATokenizerAndACard() throws IOException {
        Path train = Rows.file(home, "train.jsonl", 40);
        Path validation = Rows.file(home, "test.jsonl", 9);
        Path out = home.resolve("out");
        PreparationReport report = prepare(Rows.GSM8K
                .with(d -> d.train(List.of(train.toString())).validation(List.of(validation.toString()))), out);

        TokenStore store = TokenStore.open(out.resolve("train"));
        store.verify();
        assertEquals(40, store.size());
        assertEquals(RowCounts.allKept(40), store.manifest().counts());
        try (var records = new Records(Rows.GSM8K, Tokenizers.load(out)).read(List.of(train.toString()))) {
            Rendering rendering = new Rendering(Tokenizers.load(out));
            List<RenderedRecord> rows = records.toList();
            for (int i = 0; i < 40; i++) {
                assertEquals(rendering.example(rows.get(i).prompt(), rows.get(i).responses().get(0)), store.get(i));
            }
        }
        assertEquals(9, TokenStore.open(out.resolve("validation")).size());
        assertEquals(9, report.part("validation").orElseThrow().endsTrained());
        assertEquals(320, report.vocabularySize());
        SplitReport part = report.part("train").orElseThrow();
        assertEquals(store.tokens(), part.tokens());
        assertEquals(Map.of("<|endoftext|>", 40L), part.specialTokens());
        assertEquals(40, part.lengths().bins().stream().mapToLong(Lengths.Bin::count).sum());
        assertEquals(List.of(), report.warnings());
        assertTrue(Files.exists(out.resolve("tokenizer_config.json")));

        String card = Files.readString(out.resolve("data-card.md"));
        assertTrue(card.contains("| prompt | `Question: {question}\\nAnswer:` |"), card);
        assertTrue(card.contains("| rows read | 40 |"), card);
        assertTrue(card.contains("| special token `<\\|endoftext\\|>` | 40 |"), card);
        assertTrue(card.contains("█"), card);
        assertTrue(card.contains("| examples that teach where a response ends | 40 |"), card);
        assertTrue(card.contains("    Question: Mara has 3 hens. Each lays 5 eggs a week. How many eggs are laid in 1 weeks?\n"
                + "    Answer:⟦ Each week there are 3*5="), card);
        assertTrue(card.contains("    #### 15<|endoftext|>⟧\n"), card);
        assertEquals(Optional.of(report), DataCard.read(out.resolve("data-card.json")));
    }

    @Test
    void withoutValidationThereIsNone() throws IOException {
        PreparationReport report = prepare(Rows.of(Rows.file(home, "t.jsonl", 5), Rows.GSM8K), home.resolve("out"));
        assertEquals(Optional.empty(), report.part("validation"));
        assertFalse(Files.exists(home.resolve("out/validation")));
    }

    @Test
    void theSameCorpusGivesTheSameBytesWhereverAndWithAnyNumberOfThreads() throws IOException {
        Path train = Rows.file(home, "train.jsonl", 1500);
        Path elsewhere = Rows.file(Files.createDirectory(home.resolve("else")), "train.jsonl", 1500);
        DataConfig data = Rows.GSM8K.with(d -> d.filter(FilterConfig.defaults().with(f -> f.dedupe(Dedupe.NEAR).dedupeThreshold(0.95))));
        prepare(data.with(d -> d.train(List.of(train.toString())).validation(List.of(train.toString())).numProc(1)),
                home.resolve("a"));
        prepare(data.with(d -> d.train(List.of(elsewhere.toString())).validation(List.of(elsewhere.toString())).numProc(5)),
                home.resolve("else/b"));
        Map<String, byte[]> a = contents(home.resolve("a"));
        Map<String, byte[]> b = contents(home.resolve("else/b"));
        assertEquals(a.keySet(), b.keySet());
        a.forEach((name, bytes) -> assertArrayEquals(bytes, b.get(name), name));
    }

    @Test
    void thePipelineInTheManifestMakesTheStoreAgain() throws Exception {
        Path train = Rows.file(home, "train.jsonl", 12);
        prepare(Rows.GSM8K.with(d -> d.train(List.of(train.toString()))), home.resolve("out"));
        TokenStore store = TokenStore.open(home.resolve("out/train"));
        TransformProcess pipeline = Pipeline.read(store.manifest().pipeline().toString(), home.resolve("out/train"));
        List<Column> columns = List.of(Column.text("question"), Column.text("answer"));
        try (JsonLinesRecordReader reader = new JsonLinesRecordReader(columns)) {
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
                "{\"question\": \"q\", \"answer\": \"a<|endoftext|>b\"}", Rows.row(1), ""));
        PreparationReport report = prepare(Rows.GSM8K
                .with(d -> d.train(List.of(train.toString())).onError(OnError.SKIP)
                        .filter(FilterConfig.defaults().with(f -> f.dedupe(Dedupe.EXACT)))), home.resolve("out"));
        RowCounts rows = TokenStore.open(home.resolve("out/train")).manifest().counts();
        assertEquals(rows, report.part("train").orElseThrow().rows());
        assertEquals(9, rows.read());
        assertEquals(2, rows.kept());
        TreeMap<String, List<String>> where = new TreeMap<>();
        rows.dropped().forEach((reason, dropped) -> where.put(reason, dropped.first()));
        assertEquals(Map.of("malformed_json", List.of("train.jsonl:2"), "missing_field", List.of("train.jsonl:4"),
                "empty_response", List.of("train.jsonl:5"), "not_text", List.of("train.jsonl:6"), "too_long", List.of("train.jsonl:7"),
                "end_token_in_response", List.of("train.jsonl:8"), "duplicate", List.of("train.jsonl:9")), where);
        assertTrue(report.warnings().get(0).startsWith("78% of the rows for train are not used: 1 dropped as duplicate (first at train.jsonl:9), "),
                report.warnings().get(0));
        String card = Files.readString(home.resolve("out/data-card.md"));
        assertTrue(card.contains("| dropped: more than max_length tokens (too_long) | 1, first at train.jsonl:7 |"), card);
        assertTrue(card.contains("**Warning.** 78% of the rows"), card);
    }

    @Test
    void cutRowsAreCountedAndDoNotTeachTheEnd() throws IOException {
        DataConfig data = Rows.of(Rows.file(home, "train.jsonl", 7), Rows.GSM8K).with(d -> d.maxLength(60).overLength(OverLength.TRUNCATE));
        SplitReport train = prepare(data, home.resolve("out")).part("train").orElseThrow();
        assertEquals(7, train.rows().cut().count());
        assertEquals(List.of("train.jsonl:1", "train.jsonl:2", "train.jsonl:3", "train.jsonl:4", "train.jsonl:5"), train.rows().cut().first());
        assertEquals(0, train.endsTrained());
        assertEquals("Every example for train was cut at max_length 60, so a model cannot learn from it where a response ends. Raise max_length.",
                DataCard.read(home.resolve("out/data-card.json")).orElseThrow().warnings().get(0));
        assertEquals(7 * 60, TokenStore.open(home.resolve("out/train")).tokens());
    }

    @Test
    void whatTheUserGotWrongIsOneErrorAndLeavesNothing() throws IOException {
        Path good = Rows.file(home, "train.jsonl", 3);
        DataConfig data = Rows.GSM8K.with(d -> d.train(List.of(good.toString())));
        assertFails(DataConfig.defaults(), "train is not set: which corpus? Give a file, a glob or a directory");
        assertFails(data.with(d -> d.train(List.of(home.resolve("no.jsonl").toString()))), "no.jsonl");
        assertFails(data.with(d -> d.train(List.of(good.toString())).validation(List.of(home.resolve("no.jsonl").toString()))), "no.jsonl");
        assertFails(data.with(d -> d.prompt("{prompt}").response("{answer}")),
                "train.jsonl:1: there is no field \"prompt\"; the row has [question, answer]");
        assertFails(data.with(d -> d.maxLength(10).overLength(OverLength.FAIL)), "train.jsonl:1: the row has ",
                " tokens, max_length is 10. Raise max_length");
        assertFails(data.with(d -> d.maxLength(10).overLength(OverLength.DROP)), "no row of " + good
                + " can be used: of 3 rows 3 dropped as too_long "
                + "(first at train.jsonl:1, train.jsonl:2, train.jsonl:3). max_length is 10, the shortest row has ");
        assertFails(data.with(d -> d.validationFraction(1e-9)), "no row of " + good
                + " falls to the part validation: there are too few different prompts for "
                + "validation_fraction 1e-09 and test_fraction 0.0");
        assertFails(data.with(d -> d.chatTemplate("chatml")), "chat_template is chatml, but rows of shape template are no conversations. "
                + "Set apply_chat_template to true");
        Path file = Files.writeString(home.resolve("afile"), "");
        assertTrue(assertThrows(UserError.class, () -> prepare(data, file)).getMessage().startsWith(file + " is a file, and a directory is to "));
        assertFails(data.with(d -> d.chatTemplate("alien")), "chat_template is alien, which is neither one of [chatml, ");
        assertFails(data.with(d -> d.filter(FilterConfig.defaults().with(f -> f.transforms(List.of("com.acme.None"))))),
                "filter.transforms: there is no class com.acme.None on the class path; name its jar in the environment variable SOFTQ_PLUGINS");
        assertFails(data.with(d -> d.filter(FilterConfig.defaults().with(f -> f.transforms(List.of("java.lang.String"))))),
                "filter.transforms: java.lang.String is no org.datavec.api.transform.Transform");

        Path empty = Files.writeString(home.resolve("empty.jsonl"), "");
        assertFails(data.with(d -> d.train(List.of(empty.toString()))), empty
                + " has no rows. Is the file empty, or is its format another one (data.format)?");
        Path bad = Files.writeString(home.resolve("bad.jsonl"), Rows.row(0) + "\n{\"question\": \"cut of");
        assertFails(data.with(d -> d.train(List.of(bad.toString()))), "bad.jsonl:2: this is not JSON: ");
        assertFails(data.with(d -> d.train(List.of(good.toString())).validation(List.of(bad.toString()))),
                "bad.jsonl:2: this is not JSON: ");
        Path mixed = Files.writeString(home.resolve("mixed.jsonl"), Rows.row(0) + "\n{\"messages\": []}\n");
        assertFails(DataConfig.defaults().with(d -> d.train(List.of(mixed.toString()))),
                "mixed.jsonl:2: there is no field \"question\"; the row has [messages]");
    }

    @Test
    void aDirectoryThatIsNotAPreparationIsNotReplaced() throws IOException {
        DataConfig data = Rows.of(Rows.file(home, "train.jsonl", 3), Rows.GSM8K);
        String message = assertThrows(UserError.class, () -> prepare(data, home)).getMessage();
        assertTrue(message.startsWith(home + " would be replaced, but it is not empty and holds no preparation by softq "
                + "(data-card.md, train/manifest.json). "), message);
        assertTrue(Files.exists(home.resolve("train.jsonl")));
        Path out = Files.createDirectory(home.resolve("out"));
        prepare(data, out);
        prepare(data, out);
        assertEquals(3, TokenStore.open(out.resolve("train")).size());
    }

    @Test
    void aTokenizerFromAFileIsUsedAsItIs() throws IOException {
        DataConfig data = Rows.of(Rows.file(home, "train.jsonl", 10), Rows.GSM8K);
        prepare(data, home.resolve("a"));
        PreparationReport report = new Preparation(data, TokenizerConfig.of(home.resolve("a").toString()), Progress.NONE).run(home.resolve("b"));
        assertEquals(TokenizerType.FILE, report.tokenizer());
        assertArrayEquals(Files.readAllBytes(home.resolve("a/tokenizer.json")), Files.readAllBytes(home.resolve("b/tokenizer.json")));
        assertEquals(TokenStore.open(home.resolve("a/train")).get(3), TokenStore.open(home.resolve("b/train")).get(3));
    }

    @Test
    void theKeyChangesWithEverythingThatCountsAndNothingElse() throws IOException {
        Path train = Rows.file(home, "train.jsonl", 10);
        DataConfig data = Rows.GSM8K.with(d -> d.train(List.of(train.toString())));
        String key = key(data, SMALL);
        Path copy = Rows.file(Files.createDirectory(home.resolve("copy")), "train.jsonl", 10);
        assertEquals(key, key(data.with(d -> d.train(List.of(copy.toString()))), SMALL));
        assertEquals(key, key(data.with(d -> d.numProc(3)), SMALL));
        Preparation same = new Preparation(data, SMALL, Progress.NONE);
        PreparationReport report = same.run(home.resolve("out"));
        assertEquals(Optional.of(report), same.made(home.resolve("out")));
        assertNotEquals(key, key(data.with(d -> d.maxLength(400)), SMALL));
        assertNotEquals(key, key(data.with(d -> d.response("{answer}")), SMALL));
        assertNotEquals(key, key(data, SMALL.with(t -> t.vocabSize(321))));
        assertNotEquals(key, key(data, TokenizerConfig.of(home.resolve("out").toString())));
        assertNotEquals(key, key(data.with(d -> d.validation(data.train())), SMALL));
        Files.writeString(train, Rows.row(77));
        Preparation changed = new Preparation(data, SMALL, Progress.NONE);
        assertNotEquals(key, changed.key());
        assertEquals(Optional.empty(), changed.made(home.resolve("out")));
    }

    @Test
    void progressRunsFromZeroToTheEndOfEachStage() throws IOException {
        DataConfig data = Rows.of(Rows.file(home, "train.jsonl", 3000), Rows.GSM8K);
        Map<Progress.Stage, Long> last = new EnumMap<>(Progress.Stage.class);
        new Preparation(data, SMALL, (stage, done, total) -> {
            assertTrue(done >= last.getOrDefault(stage, 0L) && done <= total);
            last.put(stage, done);
        }).run(home.resolve("out"));
        long size = Files.size(home.resolve("train.jsonl"));
        assertEquals(Map.of(Progress.Stage.COUNT_WORDS, size, Progress.Stage.LEARN_MERGES, 320L, Progress.Stage.WRITE_TRAIN, size), last);
    }

    @Test
    void partsAreSplitByHashAndHoldEveryRowOnce() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            text.append("{\"prompt\": \"row ").append(i).append("\", \"completion\": \" is ").append(i * 7).append("\"}\n");
        }
        DataConfig data = Rows.of(Files.writeString(home.resolve("t.jsonl"), text), DataConfig.defaults())
                .with(d -> d.validationFraction(0.1).testFraction(0.1));
        PreparationReport report = prepare(data, home.resolve("out"));
        assertEquals(List.of("train", "validation", "test"), report.parts().stream().map(SplitReport::name).toList());
        assertEquals(300, report.parts().stream().mapToLong(part -> part.rows().kept()).sum());
        report.parts().forEach(part -> assertEquals(part.rows().kept(), TokenStore.open(home.resolve("out").resolve(part.name())).size()));
    }

    @Test
    void rowsOfOnePromptAreInOnePart() throws IOException {
        assertSplitBy(i -> "{\"prompt\": \"row " + i / 5 + (i % 5 == 3 ? " " : "") + "\", \"completion\": \" is " + i + "\"}", Map.of(), null);
        assertSplitBy(i -> "{\"q\": \"row " + i / 5 + "\", \"a\": \" is " + i + "\"}", Map.of("prompt", "q", "completion", "a"), null);
        assertSplitBy(i -> "{\"instruction\": \"row " + i / 5 + "\", \"output\": \"is " + i + "\"}", Map.of(), null);
        assertSplitBy(i -> "{\"text\": \"row " + i / 5 + "\"}", Map.of(), null);
    }

    @Test
    void conversationsThatBeginWithOneQuestionAreInOnePart() throws IOException {
        String first = "{\"messages\": [{\"role\": \"user\", \"content\": \"row %d\"}, {\"role\": \"assistant\", \"content\": \"is %d\"}%s]}";
        String more = ", {\"role\": \"user\", \"content\": \"and?\"}, {\"role\": \"assistant\", \"content\": \"no\"}";
        assertSplitBy(i -> String.format(Locale.ROOT, first, i / 5, i, i % 2 == 0 ? more : ""), Map.of(), null);
    }

    @Test
    void rowsAreSplitByAColumnThatIsNamed() throws IOException {
        assertSplitBy(i -> "{\"prompt\": \"q" + i + "\", \"completion\": \" of row " + i / 5 + " \", \"article\": " + i / 5 + "}", Map.of(), "article");
    }

    /** Rows i with the same i / 5, whose text has {@code row N}, N being that, go to the same part. */
    private void assertSplitBy(IntFunction<String> row, Map<String, String> columns, String splitBy) throws IOException {
        String text = IntStream.range(0, 300).mapToObj(row).collect(Collectors.joining("\n"));
        Path out = home.resolve("split");
        DataConfig data = Rows.of(Files.writeString(home.resolve("t.jsonl"), text), DataConfig.defaults())
                .with(d -> d.columns(columns).validationFraction(0.2).testFraction(0.1).splitBy(splitBy));
        prepare(data, out);
        Map<String, String> partOf = new HashMap<>();
        for (String part : List.of("train", "validation", "test")) {
            TokenStore store = TokenStore.open(out.resolve(part));
            for (long i = 0; i < store.size(); i++) {
                Matcher group = Pattern.compile("row \\d+").matcher(store.tokenizer().decode(store.get(i).ids()));
                assertTrue(group.find());
                assertEquals(part, partOf.computeIfAbsent(group.group(), g -> part), group.group());
            }
        }
        assertEquals(60, partOf.size());
        assertEquals(Set.of("train", "validation", "test"), Set.copyOf(partOf.values()));
    }

    @Test
    void aSystemMessageComesFirstInConversationsMadeOfTemplates() throws IOException {
        String rows = "{\"q\": \"one\", \"a\": \"1\", \"style\": \"brief\"}\n{\"q\": \"two\", \"a\": \"2\", \"style\": \"kind\"}\n";
        DataConfig data = Rows.of(Files.writeString(home.resolve("t.jsonl"), rows), DataConfig.defaults())
                .with(d -> d.prompt("{q}?").response("{a}").system("You are {style}.").applyChatTemplate(true).chatTemplate("chatml"));
        PreparationReport report = prepare(data, home.resolve("first"));
        String text = report.parts().get(0).samples().get(1).tokens().stream().map(TokenisedText.Token::shown).collect(Collectors.joining());
        assertTrue(text.startsWith("<|im_start|>system\nYou are kind.<|im_end|>\n<|im_start|>user\ntwo?<|im_end|>\n"), text);
        assertFails(data.with(d -> d.applyChatTemplate(false).chatTemplate(null)),
                "system is set, but rows of shape template are no conversations. Set apply_chat_template to true");
    }

    @Test
    void aSystemMessageComesFirstInAConversationThatHasNone() throws IOException {
        String turn = "{\"role\": \"user\", \"content\": \"hi\"}, {\"role\": \"assistant\", \"content\": \"yes\"}]}\n";
        String rows = "{\"messages\": [" + turn + "{\"messages\": [{\"role\": \"system\", \"content\": \"Own.\"}, " + turn;
        PreparationReport report = prepare(Rows.of(Files.writeString(home.resolve("t.jsonl"), rows), DataConfig.defaults())
                .with(d -> d.system("Given.")), home.resolve("out"));
        List<String> texts = report.parts().get(0).samples().stream()
                .map(sample -> sample.tokens().stream().map(TokenisedText.Token::shown).collect(Collectors.joining())).toList();
        assertTrue(texts.get(0).contains("system\nGiven.") && texts.get(1).contains("system\nOwn.") && !texts.get(1).contains("Given"), texts.toString());
    }

    @Test
    void wordsThatAreJoinedWithoutASeparatorAreWarnedOf() throws IOException {
        assertEquals("Prompt and response are joined without a space or a line between them: ..., familyFriendly[no]There is a place in ... "
                + "If they are not one word, in place of data.columns set data.prompt to \"{mr}\\n\" and data.response to \"{ref}\".",
                joined("{\"mr\": \"area, familyFriendly[no]\", \"ref\": \"There is a place in town.\"}").get(0));
        assertEquals(1, joined("{\"mr\": \"What is 2 + 2?\", \"ref\": \"4\"}").size());
        for (String fine : List.of("{\"mr\": \"a\", \"ref\": \" b\"}", "{\"mr\": \"a:\\n\", \"ref\": \"b\"}", "{\"mr\": \"x = \\\"\", \"ref\": \" b\"}",
                "{\"mr\": \"f(\", \"ref\": \"b)\"}", "{\"mr\": \"\u4f60\u597d\", \"ref\": \"\u4f60\u597d\"}")) {
            assertEquals(List.of(), joined(fine), fine);
        }
    }

    private List<String> joined(String row) throws IOException {
        DataConfig data = Rows.of(Files.writeString(home.resolve("t.jsonl"), (row + "\n").repeat(3)), DataConfig.defaults())
                .with(d -> d.columns(Map.of("prompt", "mr", "completion", "ref")));
        return prepare(data, home.resolve("out")).warnings().stream().filter(warning -> warning.startsWith("Prompt and response")).toList();
    }

    @Test
    void aMixtureIsPreparedAsItIsWeighted() throws IOException {
        List<String> corpora = List.of(Rows.file(home, "a.jsonl", 40).toString(), Rows.file(home, "b.jsonl", 7).toString());
        DataConfig mixed = Rows.GSM8K
                .with(d -> d.train(corpora).mixingWeights(List.of(3.0, 1.0)).stoppingStrategy(StoppingStrategy.FIRST_EXHAUSTED));
        PreparationReport first = prepare(mixed, home.resolve("first"));
        assertEquals(27, first.parts().get(0).rows().kept(), "7 of b, and those of a before the seventh");
        assertEquals("Of " + corpora.get(0) + " the first 20 rows are used: the mixture ended with another corpus (stopping_strategy first_exhausted).",
                first.warnings().get(0));
        PreparationReport all = prepare(mixed.with(d -> d.stoppingStrategy(StoppingStrategy.ALL_EXHAUSTED)), home.resolve("all"));
        assertEquals(53, all.parts().get(0).rows().kept());
        assertEquals(corpora.get(1) + " was begun again 1 times to keep mixing_weights; 13 rows are of it.", all.warnings().get(0));
        String none = Files.writeString(home.resolve("none.jsonl"), "").toString();
        assertFails(mixed.with(d -> d.train(List.of(corpora.get(0), none))),
                "none.jsonl has no rows, so it cannot be mixed with the others.");
    }

    @Test
    void aDamagedPreparationIsMadeAgain() throws IOException {
        DataConfig data = Rows.of(Rows.file(home, "t.jsonl", 5), Rows.GSM8K);
        Preparation preparation = new Preparation(data, SMALL, Progress.NONE);
        preparation.run(home.resolve("out"));
        Files.delete(home.resolve("out/tokenizer.json"));
        assertEquals(Optional.empty(), preparation.made(home.resolve("out")));
        preparation.run(home.resolve("out"));
        Files.write(home.resolve("out/train/shard-00000.bin"), new byte[3]);
        assertEquals(Optional.empty(), preparation.made(home.resolve("out")));
    }

    @Test
    void whatWasPreparedIsNoCorpus() throws IOException {
        Path corpus = Files.createDirectory(home.resolve("corpus"));
        Rows.file(corpus, "t.jsonl", 5);
        DataConfig data = Rows.GSM8K.with(d -> d.train(List.of(corpus.toString())));
        prepare(data, corpus.resolve("out"));
        assertEquals(5, prepare(data.with(d -> d.maxLength(500)), corpus.resolve("out")).parts().get(0).rows().kept());
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

    private static String key(DataConfig data, TokenizerConfig tokenizer) {
        return new Preparation(data, tokenizer, Progress.NONE).key();
    }

    @Test
    void aRowThatExhaustsTheTokenizersMatcherIsLeftOutWhereRowsMayBe() throws IOException {
        prepare(Rows.of(Rows.file(home, "first.jsonl", 20), Rows.GSM8K), home.resolve("tokenizer"));
        Path json = home.resolve("tokenizer/tokenizer.json");
        JsonMapper mapper = JsonMapper.builder().build();
        ObjectNode tree = (ObjectNode) mapper.readTree(json.toFile());
        tree.set("pre_tokenizer", mapper.readTree("{\"type\": \"Sequence\", \"pretokenizers\": [{\"type\": \"Split\", \"behavior\": \"Isolated\", "
                + "\"invert\": false, \"pattern\": {\"Regex\": \"(z|zz|zzz)+c| ?z+|b\"}}, {\"type\": \"ByteLevel\", \"add_prefix_space\": false, "
                + "\"trim_offsets\": true, \"use_regex\": false}]}"));
        Files.write(json, mapper.writeValueAsBytes(tree));
        Path train = Files.writeString(home.resolve("train.jsonl"), String.join("\n", Rows.row(1), "{\"question\": \"x" + "z".repeat(300)
                + "\", \"answer\": \"a\"}", Rows.row(2), ""));
        DataConfig failing = Rows.GSM8K.with(d -> d.train(List.of(train.toString())).numProc(1));
        TokenizerConfig given = TokenizerConfig.of(home.resolve("tokenizer").toString());
        String message = assertThrows(UserError.class, () -> new Preparation(failing, given, Progress.NONE).run(home.resolve("out"))).getMessage();
        assertTrue(message.startsWith("train.jsonl:2: ") && message.contains("takes too many steps"), message);
        PreparationReport report = new Preparation(failing.with(d -> d.onError(OnError.SKIP)), given, Progress.NONE).run(home.resolve("out"));
        RowCounts rows = report.part("train").orElseThrow().rows();
        assertEquals(2, rows.kept());
        assertEquals(List.of("train.jsonl:2"), rows.dropped().get("not_tokenized").first());
    }

    private static PreparationReport prepare(DataConfig data, Path out) {
        return new Preparation(data, SMALL, Progress.NONE).run(out);
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

package io.softq4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.bpe.BpeOptions;
import io.softq4j.tokens.bpe.BpeTrainer;
import io.softq4j.tokens.store.TokenStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever way a corpus keeps several texts that would be right, a prompt is one item with all of them. */
class ReferencesTest {

    @TempDir
    private Path home;

    private final Tokenizer tokenizer = new BpeTrainer(BpeOptions.defaults()).train();

    private List<DistinctPrompts.Item> items(String name, Consumer<DataConfig.Draft> change, String... lines) throws IOException {
        Path file = Files.writeString(home.resolve(name), String.join("\n", lines) + "\n");
        return new Records(DataConfig.defaults().with(change), tokenizer).distinctPrompts(List.of(file.toString()), 0, 1).items();
    }

    private List<List<String>> references(String name, Consumer<DataConfig.Draft> change, String... lines) throws IOException {
        return items(name, change, lines).stream().map(DistinctPrompts.Item::references).toList();
    }

    @Test
    void rowsWithOnePromptAreOneItemWithTheResponseOfEachAsOftenAsItStandsThere() throws IOException {
        assertEquals(List.of(List.of("x", "y", "x"), List.of("z")), references("a.jsonl", d -> { },
                "{\"prompt\": \"p\", \"completion\": \"x\"}", "{\"prompt\": \"q\", \"completion\": \"z\"}", "{\"prompt\": \"p\", \"completion\": \"y\"}",
                "{\"prompt\": \"p\", \"completion\": \"x\"}"));
    }

    @Test
    void aListColumnAndSeveralColumnsAndJsonInACellGiveTheSameItems() throws IOException {
        List<List<String>> same = List.of(List.of("one, two", "three", "three"), List.of("four"));
        assertEquals(same, references("list.jsonl", d -> { }, "{\"prompt\": \"p\", \"references\": [\"one, two\", \"three\", \"three\"]}",
                "{\"prompt\": \"q\", \"references\": [\"four\", null, \" \"]}"));
        assertEquals(same, references("named.jsonl", d -> d.references(List.of("refs")),
                "{\"prompt\": \"p\", \"refs\": [\"one, two\", \"three\", \"three\"]}", "{\"prompt\": \"q\", \"refs\": \"four\"}"));
        assertEquals(same, references("columns.csv", d -> d.references(List.of("ref1", "ref2", "ref3")),
                "prompt,ref1,ref2,ref3", "p,\"one, two\",three,three", "q,four,,"));
        assertEquals(same, references("json.csv", d -> { }, "prompt,references", "p,\"[\"\"one, two\"\", \"\"three\"\", \"\"three\"\"]\"", "q,four"));
        assertEquals(same, references("inside.jsonl", d -> d.references(List.of("answers.text")),
                "{\"prompt\": \"p\", \"answers\": {\"text\": [\"one, two\", \"three\", \"three\"]}}", "{\"prompt\": \"q\", \"answers\": {\"text\": [\"four\"]}}"));
    }

    @Test
    void referencesAreRenderedAsAResponseIsAndStandForIt() throws IOException {
        assertEquals(List.of(List.of(" 4", " four")), references("g.jsonl", d -> { },
                "{\"question\": \"2+2\", \"answer\": \"4, of course\", \"references\": [\"4\", \"four\"]}"));
        assertEquals(List.of(List.of("A: Blue Spice.", "A: A pub.")), references("t.csv", d -> d.prompt("{mr}\n").response("A: {ref}")
                .references(List.of("ref", "other")), "mr,ref,other", "\"name[Blue Spice]\",Blue Spice.,A pub."));
        assertEquals(List.of(List.of("[sic] a", "[1]")), references("b.csv", d -> d.references(List.of("r", "s")), "prompt,r,s", "p,[sic] a,\"[\"\"[1]\"\"]\""));
    }

    @Test
    void whatHasNoAnswerHasNoReference() throws IOException {
        assertEquals(List.of(List.of()), references("text.jsonl", d -> { }, "{\"text\": \"all of it\"}"));
        assertEquals(List.of(List.of()), references("prompt.jsonl", d -> { }, "{\"prompt\": \"p\"}"));
        assertEquals(List.of(List.of()), references("null.jsonl", d -> d.prompt("{q}").response("{a}"), "{\"q\": \"p\", \"a\": null}"));
        assertEquals(List.of(List.of()), references("objects.jsonl", d -> d.prompt("{q}").response("{a}"),
                "{\"q\": \"p\", \"a\": {\"x\": 1}, \"references\": [{\"title\": \"a paper\"}]}"));
    }

    @Test
    void aConversationsReferenceIsWhatTheAssistantSaysLast() throws IOException {
        String user = "{\"role\": \"user\", \"content\": \"hi\"}";
        Path file = Files.writeString(home.resolve("chat.jsonl"), "{\"messages\": [" + user + ", {\"role\": \"assistant\", \"content\": \"hello\"}]}\n"
                + "{\"messages\": [" + user.replace("hi", "you?") + "]}\n");
        Path data = home.resolve("data");
        DataConfig config = DataConfig.defaults().with(d -> d.train(List.of(file.toString())).onError(OnError.SKIP));
        new Preparation(config, TokenizerConfig.defaults().with(t -> t.vocabSize(320)), (stage, done, total) -> { }).run(data);
        Tokenizer trained = TokenStore.open(data.resolve("train")).tokenizer();
        assertEquals(List.of(List.of("hello"), List.of()), new Records(DataConfig.defaults(), trained).distinctPrompts(List.of(file.toString()), 0, 1)
                .items().stream().map(DistinctPrompts.Item::references).toList());
    }

    @Test
    void aNameThatNoRowHasAndAColumnThatIsNoTextAreRefused() {
        UserError none = assertThrows(UserError.class, () -> items("n.jsonl", d -> d.references(List.of("refs")), "{\"prompt\": \"p\", \"ref\": \"x\"}"));
        assertTrue(none.getMessage().startsWith("data.references names [refs], and no row of "), none.getMessage());
        assertTrue(none.getMessage().contains("Columns of the first row: [prompt, ref]"), none.getMessage());
        UserError object = assertThrows(UserError.class, () -> items("o.jsonl", d -> d.references(List.of("ref")),
                "{\"prompt\": \"p\", \"ref\": {\"x\": 1}}"));
        assertTrue(object.getMessage().contains("o.jsonl:1") && object.getMessage().contains("expected a text or a list of texts"), object.getMessage());
    }

    @Test
    void aNameThatNoRowHasIsRefusedBesideOneThatIsThereAndAColumnThatSomeRowsLackIsFine() throws IOException {
        UserError jsonl = assertThrows(UserError.class, () -> references("u.jsonl", d -> d.references(List.of("r0", "r99")), "{\"prompt\": \"p\", \"r0\": \"x\"}"));
        assertTrue(jsonl.getMessage().startsWith("data.references names [r99], and no row of "), jsonl.getMessage());
        assertTrue(jsonl.getMessage().contains("Columns of the first row: [prompt, r0]"), jsonl.getMessage());
        UserError csv = assertThrows(UserError.class, () -> references("u.csv", d -> d.references(List.of("references", "r0")), "prompt,r0", "p,x"));
        assertTrue(csv.getMessage().startsWith("data.references names [references], and no row of "), csv.getMessage());
        assertEquals(List.of(List.of("x"), List.of("y")), references("some.jsonl", d -> d.references(List.of("r0", "r1")),
                "{\"prompt\": \"p\", \"r0\": \"x\"}", "{\"prompt\": \"q\", \"r1\": \"y\"}"));
        assertEquals(List.of(List.of("x")), references("empty.csv", d -> d.references(List.of("r0", "r1")), "prompt,r0,r1", "p,x,"));
    }

    @Test
    void aListWithWhatIsNoTextBesideTextsIsRefusedWithItsLine() throws IOException {
        for (String list : List.of("[\"x\", {\"t\": 1}]", "[true, [\"z\"]]", "[{\"t\": 1}]")) {
            UserError refused = assertThrows(UserError.class, () -> references("m.jsonl", d -> { }, "{\"prompt\": \"p\", \"references\": [\"x\"]}",
                    "{\"prompt\": \"q\", \"references\": " + list + "}"));
            String value = list.replace(" ", "");
            assertTrue(refused.getMessage().contains("m.jsonl:2: field \"references\" is " + value + "; expected a text or a list of texts"), refused.getMessage());
        }
        assertEquals(List.of(List.of("x", "1", "2.5", "true")), references("values.jsonl", d -> { },
                "{\"prompt\": \"p\", \"references\": [\"x\", 1, 2.5, true, null]}"));
    }

    @Test
    void whereTheResponseIsAListEachReferenceIsAnExampleAndTheCardCountsThem() throws IOException {
        Path file = Files.writeString(home.resolve("train.jsonl"), "{\"prompt\": \"p\", \"references\": [\"one\", \"two\"]}\n"
                + "{\"prompt\": \"q\", \"references\": [\"three\"]}\n{\"prompt\": \"r\", \"references\": []}\n");
        DataConfig config = DataConfig.defaults().with(d -> d.train(List.of(file.toString())).onError(OnError.SKIP));
        TokenizerConfig small = TokenizerConfig.defaults().with(t -> t.vocabSize(300));
        PreparationReport report = new Preparation(config, small, (stage, done, total) -> { }).run(home.resolve("data"));
        assertEquals(List.of("pone", "ptwo", "qthree"), texts(home.resolve("data")));
        assertTrue(report.warnings().stream().anyMatch(w -> w.endsWith("each reference is an example of its own: 3 of 2 rows.")), report.warnings().toString());
        assertEquals(1, report.part("train").orElseThrow().rows().droppedRows());

        Path columns = Files.writeString(home.resolve("train.csv"), "mr,a,b\nx,one,two\ny,three,\n");
        new Preparation(DataConfig.defaults().with(d -> d.train(List.of(columns.toString())).references(List.of("a", "b")).prompt("{mr} ")
                .response("{references}")), small, (stage, done, total) -> { }).run(home.resolve("other"));
        assertEquals(List.of("x one", "x two", "y three"), texts(home.resolve("other")));
    }

    @Test
    void aRowWithAResponseOfItsOwnIsTrainedOnThat() throws IOException {
        Path file = Files.writeString(home.resolve("train.jsonl"), "{\"prompt\": \"p\", \"completion\": \"one\", \"references\": [\"two\", \"three\"]}\n");
        new Preparation(DataConfig.defaults().with(d -> d.train(List.of(file.toString()))), TokenizerConfig.defaults().with(t -> t.vocabSize(300)),
                (stage, done, total) -> { }).run(home.resolve("data"));
        assertEquals(List.of("pone"), texts(home.resolve("data")));
        assertEquals(List.of(List.of("two", "three")), references("train.jsonl", d -> { }, Files.readString(file).strip()));
    }

    private static List<String> texts(Path data) {
        TokenStore store = TokenStore.open(data.resolve("train"));
        List<String> texts = new ArrayList<>();
        IntStream.range(0, Math.toIntExact(store.size())).forEach(i -> texts.add(store.tokenizer().decode(store.get(i).ids()).replace("<|endoftext|>", "")));
        return texts;
    }
}

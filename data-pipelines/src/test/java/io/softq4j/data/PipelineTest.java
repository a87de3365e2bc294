package io.softq4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.chat.TrainOn;
import io.softq4j.common.Sha256;
import io.softq4j.common.UserError;
import io.softq4j.data.render.Layout;
import io.softq4j.data.render.RenderSpec;
import io.softq4j.data.render.Shape;
import io.softq4j.data.row.Column;
import io.softq4j.data.step.OverLength;
import io.softq4j.data.step.TokenizeTransform;
import io.softq4j.data.step.TruncationMode;
import io.softq4j.tokens.Example;
import io.softq4j.tokens.Rendering;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.bpe.BpeOptions;
import io.softq4j.tokens.bpe.BpeTrainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datavec.api.transform.TransformProcess;
import org.datavec.api.writable.Text;
import org.datavec.api.writable.Writable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineTest {

    private static final List<Column> COLUMNS = List.of(Column.text("question"), Column.text("answer"));

    @TempDir
    Path home;

    private Tokenizer bytes;
    private String sha256;

    @BeforeEach
    void tokenizer() throws IOException {
        bytes = new BpeTrainer(BpeOptions.defaults()).train();
        bytes.save(home);
        sha256 = Sha256.of(home.resolve("tokenizer.json"));
    }

    @Test
    void aPipelineReadBackFromJsonGivesTheSameRows() throws IOException {
        Files.write(home.resolve(Pipeline.GRAMS), new byte[0]);
        FilterConfig filter = FilterConfig.defaults()
                .with(f -> f.dedupe(Dedupe.NEAR).dedupeThreshold(0.9).keepMatching(Map.of("question", "why|how"))
                        .dropMatching(Map.of("answer", "secret")));
        for (OverLength overLength : List.of(OverLength.DROP, OverLength.TRUNCATE)) {
            DataConfig data = Rows.GSM8K.with(d -> d.maxLength(30).overLength(overLength).filter(filter).validationFraction(0.3));
            TransformProcess first = Pipeline.read(of(data, true).toJson(), home);
            TransformProcess second = Pipeline.read(first.toJson(), home);
            assertEquals(first.toJson(), second.toJson());
            assertEquals(first, second);
            for (String answer : List.of("7", "7", "", "a long answer, too long to fit", "a secret", "😀é\n", "x<|endoftext|>y")) {
                assertEquals(first.execute(row("why?", answer)), second.execute(row("why?", answer)));
            }
        }
    }

    @Test
    void aPathThatIsNotRelativeIsOpenedByTheFirstRow() {
        String json = Pipeline.of(Rows.GSM8K, COLUMNS, spec(Rows.GSM8K), false, home.resolve("tokenizer.json").toString(), sha256).toJson();
        List<Writable> out = TransformProcess.fromJson(json).execute(row("q", "a"));
        assertEquals(new Rendering(bytes).example("Question: q\nAnswer:", " a"), TokenizeTransform.example(out));
    }

    @Test
    void anotherTokenizerIsRefused() throws IOException {
        String json = of(Rows.GSM8K, false).toJson();
        Files.writeString(home.resolve("tokenizer.json"), "\n", StandardOpenOption.APPEND);
        String message = assertThrows(UserError.class, () -> Pipeline.read(json, home)).getMessage();
        assertTrue(message.startsWith(home.resolve("tokenizer.json") + " is not the tokenizer of this pipeline: its SHA-256 is "), message);
    }

    @Test
    void theFinalColumnsAreExampleFateAndLengthAndThePart() {
        assertEquals(List.of("example", "fate", "tokens"), of(Rows.GSM8K, false).getFinalSchema().getColumnNames());
        assertEquals(List.of("example", "fate", "tokens", "split"),
                of(Rows.GSM8K.with(d -> d.testFraction(0.1)), false).getFinalSchema().getColumnNames());
    }

    @Test
    void anExampleIsWhatTheOneRenderingMakes() {
        List<Writable> out = run(Rows.GSM8K, "why?", "because");
        assertEquals("kept", TokenizeTransform.fate(out));
        assertEquals(new Rendering(bytes).example("Question: why?\nAnswer:", " because"), TokenizeTransform.example(out));
    }

    @Test
    void exactlyMaxLengthIsKeptAndOneMoreIsNot() {
        int length = TokenizeTransform.tokens(run(Rows.GSM8K, "why?", "because"));
        assertEquals("kept",
                TokenizeTransform.fate(run(Rows.GSM8K.with(d -> d.maxLength(length).overLength(OverLength.FAIL)), "why?", "because")));
        List<Writable> dropped = run(Rows.GSM8K.with(d -> d.maxLength(length - 1).overLength(OverLength.DROP)), "why?", "because");
        assertEquals("too_long", TokenizeTransform.fate(dropped));
        assertEquals(length, TokenizeTransform.tokens(dropped));
        assertEquals(0, TokenizeTransform.example(dropped).length());

        Example whole = new Rendering(bytes).example("Question: why?\nAnswer:", " because");
        List<Writable> cut = run(Rows.GSM8K.with(d -> d.maxLength(length - 1).overLength(OverLength.TRUNCATE)), "why?", "because");
        assertEquals("cut", TokenizeTransform.fate(cut));
        assertEquals(whole.cut(length - 1), TokenizeTransform.example(cut));

        DataConfig fail = Rows.GSM8K.with(d -> d.maxLength(length - 1).overLength(OverLength.FAIL));
        String message = assertThrows(UserError.class, () -> run(fail, "why?", "because")).getMessage();
        assertEquals("the row has " + length + " tokens, max_length is " + (length - 1)
                + ". Raise max_length, or set over_length to drop or truncate", message);
    }

    @Test
    void keepingTheEndKeepsExactlyTheLastTokens() {
        Example whole = new Rendering(bytes).example("Question: why?\nAnswer:", " because");
        for (int length = whole.length() - 1; length > 1; length--) {
            int kept = length;
            DataConfig data = Rows.GSM8K
                    .with(d -> d.maxLength(kept).overLength(OverLength.TRUNCATE).truncationMode(TruncationMode.KEEP_END));
            Example cut = TokenizeTransform.example(run(data, "why?", "because"));
            boolean[] scored = Arrays.copyOfRange(whole.response(), whole.length() - length, whole.length());
            scored[0] = false;    // nothing stands before it
            assertEquals(new Example(Arrays.copyOfRange(whole.ids(), whole.length() - length, whole.length()), scored), cut);
        }
    }

    @Test
    void aPromptThatLeavesNoRoomIsDroppedNotCut() {
        int prompt = "Question: why?\nAnswer:".length();
        assertEquals("prompt_too_long",
                TokenizeTransform.fate(run(Rows.GSM8K.with(d -> d.maxLength(prompt).overLength(OverLength.TRUNCATE)), "why?", "because")));
        assertEquals("cut", TokenizeTransform.fate(run(Rows.GSM8K.with(d -> d.maxLength(prompt + 1).overLength(OverLength.TRUNCATE)),
                "why?", "because")));
    }

    @Test
    void nothingToLearnAnEarlyEndAndAShortExampleAreDropped() {
        assertEquals("empty_response", TokenizeTransform.fate(run(Rows.GSM8K, "why?", "")));
        assertEquals("empty_response", TokenizeTransform.fate(run(Rows.GSM8K, "why?", " \n")));
        assertEquals("end_token_in_response", TokenizeTransform.fate(run(Rows.GSM8K, "why?", "x<|endoftext|>y")));
        assertEquals("kept", TokenizeTransform.fate(run(Rows.GSM8K, "why<|endoftext|>?", "x")));
        DataConfig atLeast30 = Rows.GSM8K
                .with(d -> d.filter(FilterConfig.defaults().with(f -> f.minLength(30))));
        assertEquals("too_short", TokenizeTransform.fate(run(atLeast30, "why?", "x")));
        assertEquals("kept", TokenizeTransform.fate(run(atLeast30, "why?", "because of it")));
    }

    @Test
    void aRowStaysOnItsSideWhateverTheOthersAre() {
        DataConfig data = Rows.GSM8K.with(d -> d.validationFraction(0.2).testFraction(0.1));
        TransformProcess pipeline = Pipeline.read(of(data, false).toJson(), home);
        int[] counts = new int[3];
        for (int i = 0; i < 2000; i++) {
            List<Writable> out = pipeline.execute(row("question " + i, "answer"));
            counts[TokenizeTransform.part(out).ordinal()]++;
            assertEquals(TokenizeTransform.part(out), TokenizeTransform.part(pipeline.execute(row("question " + i, "answer"))));
        }
        // binomial: four standard deviations are 70 and 54
        assertEquals(400, counts[1], 70);
        assertEquals(200, counts[2], 54);
    }

    private TransformProcess of(DataConfig data, boolean decontaminate) {
        return Pipeline.of(data, COLUMNS, spec(data), decontaminate, "tokenizer.json", sha256);
    }

    private static RenderSpec spec(DataConfig data) {
        return new RenderSpec(new Layout(Shape.TEMPLATE, Map.of()), data.prompt(), data.response(), Optional.empty(), TrainOn.COMPLETION);
    }

    private List<Writable> run(DataConfig data, String question, String answer) {
        return Pipeline.read(of(data, false).toJson(), home).execute(row(question, answer));
    }

    private static List<Writable> row(String question, String answer) {
        return List.of(new Text(question), new Text(answer));
    }
}

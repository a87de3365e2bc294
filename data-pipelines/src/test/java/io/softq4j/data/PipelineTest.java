package io.softq4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import io.softq4j.tokens.BpeOptions;
import io.softq4j.tokens.BpeTrainer;
import io.softq4j.tokens.Example;
import io.softq4j.tokens.Rendering;
import io.softq4j.tokens.Sha256;
import io.softq4j.tokens.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.datavec.api.transform.TransformProcess;
import org.datavec.api.transform.schema.Schema;
import org.datavec.api.writable.Text;
import org.datavec.api.writable.Writable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineTest {

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
    void aPipelineReadBackFromJsonGivesTheSameRows() {
        for (OverLength overLength : List.of(OverLength.DROP, OverLength.TRUNCATE)) {
            DataConfig data = Rows.GSM8K.withMaxLength(30, overLength);
            TransformProcess first = Pipeline.read(Pipeline.of(data, "tokenizer.json", sha256).toJson(), home);
            TransformProcess second = Pipeline.read(first.toJson(), home);
            assertEquals(first.toJson(), second.toJson());
            assertEquals(first, second);
            for (String answer : List.of("7", "", "a long answer, too long to fit", "😀é\n", "x<|endoftext|>y")) {
                assertEquals(first.execute(row("why?", answer)), second.execute(row("why?", answer)));
            }
        }
    }

    @Test
    void aPathThatIsNotRelativeIsOpenedByTheFirstRow() {
        String json = Pipeline.of(Rows.GSM8K, home.resolve("tokenizer.json").toString(), sha256).toJson();
        List<Writable> out = TransformProcess.fromJson(json).execute(row("q", "a"));
        assertEquals(new Rendering(bytes).example("Question: q\nAnswer:", " a"), TokenizeTransform.example(out));
    }

    @Test
    void anotherTokenizerIsRefused() throws IOException {
        String json = Pipeline.of(Rows.GSM8K, "tokenizer.json", sha256).toJson();
        Files.writeString(home.resolve("tokenizer.json"), "\n", StandardOpenOption.APPEND);
        String message = assertThrows(UserError.class, () -> Pipeline.read(json, home)).getMessage();
        assertTrue(message.startsWith(home.resolve("tokenizer.json") + " is not the tokenizer of this pipeline: its SHA-256 is "), message);
    }

    @Test
    void theFinalColumnsAreExampleFateAndLength() {
        Schema schema = Pipeline.of(Rows.GSM8K, "tokenizer.json", sha256).getFinalSchema();
        assertEquals(List.of("example", "fate", "tokens"), schema.getColumnNames());
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
        assertEquals("kept", TokenizeTransform.fate(run(Rows.GSM8K.withMaxLength(length, OverLength.FAIL), "why?", "because")));
        List<Writable> dropped = run(Rows.GSM8K.withMaxLength(length - 1, OverLength.DROP), "why?", "because");
        assertEquals("too_long", TokenizeTransform.fate(dropped));
        assertEquals(length, TokenizeTransform.tokens(dropped));
        assertEquals(0, TokenizeTransform.example(dropped).length());

        List<Writable> cut = run(Rows.GSM8K.withMaxLength(length - 1, OverLength.TRUNCATE), "why?", "because");
        assertEquals("cut", TokenizeTransform.fate(cut));
        Example example = TokenizeTransform.example(cut);
        assertEquals(new Rendering(bytes).example("Question: why?\nAnswer:", " because").cut(length - 1), example);

        DataConfig fail = Rows.GSM8K.withMaxLength(length - 1, OverLength.FAIL);
        String message = assertThrows(UserError.class, () -> run(fail, "why?", "because")).getMessage();
        assertEquals("the row has " + length + " tokens, max_length is " + (length - 1)
                + ". Raise max_length, or set over_length to drop or truncate", message);
    }

    @Test
    void aPromptThatLeavesNoRoomIsDroppedNotCut() {
        int prompt = "Question: why?\nAnswer:".length();
        assertEquals("prompt_too_long", TokenizeTransform.fate(run(Rows.GSM8K.withMaxLength(prompt, OverLength.TRUNCATE), "why?", "because")));
        assertEquals("cut", TokenizeTransform.fate(run(Rows.GSM8K.withMaxLength(prompt + 1, OverLength.TRUNCATE), "why?", "because")));
    }

    @Test
    void nothingToLearnAndAnEarlyEndAreDropped() {
        assertEquals("empty_response", TokenizeTransform.fate(run(Rows.GSM8K, "why?", "")));
        assertEquals("empty_response", TokenizeTransform.fate(run(Rows.GSM8K, "why?", " \n")));
        assertEquals("end_token_in_response", TokenizeTransform.fate(run(Rows.GSM8K, "why?", "x<|endoftext|>y")));
        assertEquals("kept", TokenizeTransform.fate(run(Rows.GSM8K, "why<|endoftext|>?", "x")));
    }

    private List<Writable> run(DataConfig data, String question, String answer) {
        return Pipeline.read(Pipeline.of(data, "tokenizer.json", sha256).toJson(), home).execute(row(question, answer));
    }

    private static List<Writable> row(String question, String answer) {
        return List.of(new Text(question), new Text(answer));
    }
}

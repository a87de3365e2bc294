package io.softq4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import io.softq4j.data.render.Shape;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.bpe.BpeOptions;
import io.softq4j.tokens.bpe.BpeTrainer;
import io.softq4j.tokens.huggingface.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of prompts for models of several kinds of training data. */
class PromptsTest {

    private static final DataConfig UNKNOWN = DataConfig.defaults();
    private static final DataConfig TEXT = shape(Shape.TEXT, Map.of("text", "body"));
    private static final DataConfig PAIRS = shape(Shape.PROMPT_COMPLETION, Map.of("prompt", "Q", "completion", "A"));
    private static final DataConfig QUESTIONS = shape(Shape.GSM8K, Map.of("question", "problem", "answer", "solution"));
    private static final DataConfig TEMPLATE = UNKNOWN.with(d -> d.prompt("Q: {q}\nA:").response(" {a}"));
    private static final DataConfig RESPONSES = UNKNOWN.with(d -> d.response("{poem}"));
    private static final DataConfig CHAT = shape(Shape.MESSAGES, Map.of("messages", "messages"));

    @TempDir
    private Path home;

    private Tokenizer tokenizer;

    private static DataConfig shape(Shape shape, Map<String, String> columns) {
        return UNKNOWN.with(d -> d.shape(shape).columns(columns));
    }

    @BeforeEach
    void tokenizer() throws IOException {
        Tokenizer bytes = new BpeTrainer(BpeOptions.defaults()).train();
        bytes.save(home);
        Files.writeString(home.resolve("chat_template.jinja"),
                "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}");
        tokenizer = Tokenizers.load(home);
    }

    private List<String> prompts(DataConfig data, String name, String content) {
        try {
            Files.writeString(home.resolve(name), content);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return new Records(data, tokenizer).prompts(List.of(home.resolve(name).toString()), 0).records().stream().map(RenderedRecord::prompt).toList();
    }

    @Test
    void linesOfTextAreContinuedWhateverTheModelWasTrainedOn() {
        for (DataConfig data : List.of(UNKNOWN, TEXT, PAIRS, QUESTIONS, TEMPLATE, RESPONSES, CHAT)) {
            assertEquals(List.of("Once upon", "a time"), prompts(data, "p.txt", "Once upon\n\na time\n"), data.effectiveShape().key());
            assertEquals(List.of("Once upon", "a time"), prompts(data, "p.jsonl", "{\"id\": 1, \"text\": \"Once upon\"}\n{\"id\": 2, \"text\": \"a time\"}\n"));
        }
    }

    @Test
    void aPromptAloneIsContinuedWhateverTheModelWasTrainedOn() {
        for (DataConfig data : List.of(UNKNOWN, TEXT, PAIRS, QUESTIONS, TEMPLATE, RESPONSES, CHAT)) {
            assertEquals(List.of("2 + 2 ="), prompts(data, "p.jsonl", "{\"prompt\": \"2 + 2 =\", \"id\": 7}\n"), data.effectiveShape().key());
        }
        assertEquals(List.of("2 + 2 ="), prompts(UNKNOWN, "p.csv", "id,prompt\n7,2 + 2 =\n"));
    }

    @Test
    void aConversationEndsWithWhatTheUserSaysOrLosesItsLastAnswer() {
        String asked = "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}\n";
        String answered = "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}, {\"role\": \"assistant\", \"content\": \"Hello\"}]}\n";
        for (DataConfig data : List.of(UNKNOWN, TEXT, PAIRS, QUESTIONS, TEMPLATE, CHAT)) {
            assertEquals(List.of("<user>Hi<assistant>", "<user>Hi<assistant>"), prompts(data, "p.jsonl", asked + answered), data.effectiveShape().key());
        }
        assertEquals(List.of("<user>Hi<assistant>"), prompts(UNKNOWN, "p.jsonl", asked.replace("messages", "prompt")), "as TRL has them");
        assertEquals(List.of("<user>Hi<assistant>"), prompts(UNKNOWN, "p.jsonl", "{\"conversations\": [{\"from\": \"human\", \"value\": \"Hi\"}]}\n"));
    }

    @Test
    void columnsOfTheTrainingDataAreRenderedAsTheyWere() {
        assertEquals(List.of("Q: why?\nA:"), prompts(TEMPLATE, "p.jsonl", "{\"q\": \"why?\", \"prompt\": \"no\", \"text\": \"no\"}\n"));
        assertEquals(List.of("Question: why?\nAnswer:"), prompts(QUESTIONS, "p.csv", "problem,id\nwhy?,1\n"));
        assertEquals(List.of("Question: why?\nAnswer:"), prompts(QUESTIONS, "p.csv", "question,id\nwhy?,1\n"), "by the usual name");
        assertEquals(List.of("why?"), prompts(PAIRS, "p.tsv", "Q\tid\nwhy?\t1\n"));
        assertEquals(List.of("<user>why?<assistant>"),
                prompts(PAIRS.with(d -> d.applyChatTemplate(true)), "p.jsonl", "{\"Q\": \"why?\"}\n"));
    }

    @Test
    void aPromptOfAKnownShapeNeedsNoAnswer() {
        assertEquals(List.of("Question: why?\nAnswer:"), prompts(UNKNOWN, "p.jsonl", "{\"question\": \"why?\"}\n"));
        assertTrue(prompts(UNKNOWN, "p.jsonl", "{\"instruction\": \"Say it.\", \"input\": \"x\"}\n").get(0).endsWith("### Input:\nx\n\n### Response:\n"));
        assertEquals(List.of("why?"), prompts(shape(Shape.AUTO, Map.of("prompt", "ask")), "p.jsonl", "{\"ask\": \"why?\", \"id\": 1}\n"));
    }

    @Test
    void theOnlyColumnIsThePrompt() {
        assertEquals(List.of("why?", "how, then?"), prompts(UNKNOWN, "p.csv", "anything\nwhy?\n\"how, then?\"\n"));
        assertEquals(List.of("why?"), prompts(TEXT, "p.tsv", "anything\nwhy?\n"));
        assertEquals(List.of("Q: why?\nA:"), prompts(TEMPLATE, "p.csv", "anything\nwhy?\n"));
        assertEquals(List.of("Question: why?\nAnswer:"), prompts(QUESTIONS, "p.csv", "anything\nwhy?\n"));
    }

    @Test
    void whatIsContinuedIsTokenisedAsTextAndAConversationAsOne() throws IOException {
        Files.writeString(home.resolve("p.txt"), "a\n");
        Prompts text = new Records(CHAT, tokenizer).prompts(List.of(home.resolve("p.txt").toString()), 0);
        assertEquals(Shape.PROMPT_COMPLETION, text.data().effectiveShape());
        Files.writeString(home.resolve("p.jsonl"), "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}\n");
        Prompts chat = new Records(UNKNOWN, tokenizer).prompts(List.of(home.resolve("p.jsonl").toString()), 0);
        assertEquals(Shape.MESSAGES, chat.data().effectiveShape());
    }

    @Test
    void rowsWithoutAPromptAreRefusedWithWhatIsMissing() {
        assertEquals("p.jsonl:1: the columns [a, b] hold no prompt. Prompts of the training data are made of [q]. Prompts may be in a column \"prompt\" or "
                + "\"text\", which is continued as it is, in \"messages\" (a conversation that ends with what the user says), or in the only column. "
                + "Or name the column: --set 'data.columns={prompt: NAME}'",
                assertThrows(UserError.class, () -> prompts(TEMPLATE, "p.jsonl", "{\"a\": 1, \"b\": 2}\n")).getMessage());
        assertTrue(assertThrows(UserError.class, () -> prompts(UNKNOWN, "p.jsonl", "{\"rows\": [1]}\n")).getMessage()
                .startsWith("p.jsonl:1: the columns [rows] hold no prompt."));
    }
}

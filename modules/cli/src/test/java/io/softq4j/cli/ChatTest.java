package io.softq4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.chat.ChatTemplate;
import io.softq4j.generation.GenerationConfig;
import io.softq4j.generation.Generator;
import io.softq4j.graph.Lowering;
import io.softq4j.model.LanguageModel;
import io.softq4j.model.T5Config;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.workflow.Chat;
import io.softq4j.workflow.ModelDirectory;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A conversation with a tiny model whose context is 16 tokens. */
class ChatTest {

    private static final ChatTemplate TEMPLATE =
            ChatTemplate.of("{% for m in messages %}[{{ m['content'] }}]{% endfor %}", "of the test", Map.of());

    private static ModelDirectory model;

    private record Said(String out, String err) {
    }

    @BeforeAll
    static void open() {
        model = ModelDirectory.open(TinyRun.directory().resolve("run"));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static Said converse(Optional<String> system, int maxNewTokens, boolean inviting, String... lines) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        try (Chat chat = new Chat(model, TEMPLATE, system, GenerationConfig.greedy(maxNewTokens))) {
            ChatCommand.converse(chat, new BufferedReader(new StringReader(String.join("\n", lines))), inviting, new PrintWriter(out), new PrintWriter(err));
        }
        return new Said(out.toString(), err.toString());
    }

    /** What the model writes behind a text, with caches of its own. */
    private static String behind(String text, int maxNewTokens) {
        try (Generator generator = new Generator(model.model(), 16, 1, model.endIds(model.tokenizer().eosId()), model.tokenizer()::decode)) {
            return generator.generate(List.of(model.tokenizer().encode(text)), GenerationConfig.greedy(maxNewTokens), n -> { }).get(0).get(0).text();
        }
    }

    @Test
    void anAnswerKnowsAllThatWasSaidBefore() {
        String first = behind("[a]", 2);
        String second = behind("[a][" + first + "][b]", 2);
        assertEquals(first + "\n" + second + "\n", converse(Optional.empty(), 2, false, "a", "", "b").out());
    }

    @Test
    void theSystemMessageComesFirstAndAgainAfterAReset() {
        String answer = behind("[s][a]", 2);
        assertEquals(answer + "\n" + answer + "\n", converse(Optional.of("s"), 2, false, "a", "/reset", "a").out());
    }

    @Test
    void aFullContextIsExplainedAndTheConversationGoesOn() {
        Said said = converse(Optional.empty(), 2, false, "#".repeat(14), "a", "/reset", "a");
        assertEquals("softq: error: the conversation has 16 tokens with this message, the model's context holds 16 (n_positions), with at least one of the "
                + "answer. Begin a new one (/reset), or say less.", said.err().lines().findFirst().orElseThrow());
        String answer = behind("[a]", 2);
        assertEquals(answer + "\n" + answer + "\n", said.out());
    }

    @Test
    void anAnswerThatIsCutOffSaysWhy() {
        assertTrue(converse(Optional.empty(), 1, false, "a").err().contains("softq: cut off at generation.max_new_tokens 1\n"));
        assertEquals("softq: cut off: the context of 16 tokens (n_positions) is full; /reset begins a new conversation\n",
                converse(Optional.empty(), 50, false, "#".repeat(13)).err());
    }

    /** A beam search needs a row for each beam, and so many have no room. */
    @Test
    void cachesThatAreTooLargeAreExplainedAndTheConversationGoesOn() {
        GenerationConfig beams = GenerationConfig.greedy(2).with(c -> c.numBeams(10_000_000));
        StringWriter err = new StringWriter();
        try (Chat chat = new Chat(model, TEMPLATE, Optional.empty(), beams)) {
            BufferedReader lines = new BufferedReader(new StringReader("a\nb"));
            ChatCommand.converse(chat, lines, false, new PrintWriter(new StringWriter()), new PrintWriter(err, true));
        }
        assertEquals(2, err.toString().lines().filter(line -> line.startsWith("softq: error: a cache of keys or values for 10000000 ")).count(),
                err.toString());
    }

    /** Its encoder reads the whole conversation, its decoder writes the answer. */
    @Test
    void aModelOfEncoderAndDecoderAnswersToo() {
        Tokenizer tokenizer = model.tokenizer();
        T5Config size = T5Config.defaults().with(c -> c.vocabSize(tokenizer.vocabularySize()).dModel(8).dKv(4).dFf(8).numLayers(1)
                .numDecoderLayers(1).numHeads(2).relativeAttentionNumBuckets(4).relativeAttentionMaxDistance(8).padTokenId(3)
                .eosTokenId(tokenizer.eosId()).decoderStartTokenId(5));
        GenerationConfig config = GenerationConfig.greedy(4);
        try (ModelDirectory t5 = new ModelDirectory(model.path(), LanguageModel.create(size, 1, Lowering.best()), tokenizer);
                Chat chat = new Chat(t5, TEMPLATE, Optional.of("s"), config);
                Generator generator = new Generator(t5.model(), 20, 1, t5.endIds(tokenizer.eosId()), tokenizer::decode)) {
            String first = generator.generate(List.of(tokenizer.encode("[s][a]")), config, n -> { }).get(0).get(0).text();
            assertEquals(first, chat.say("a", more -> { }).text());
            String asked = "[s][a][" + first + "][" + "b".repeat(1100) + "]";
            try (Generator longer = new Generator(t5.model(), 1200, 1, t5.endIds(tokenizer.eosId()), tokenizer::decode)) {
                assertEquals(longer.generate(List.of(tokenizer.encode(asked)), config, n -> { }).get(0).get(0).text(),
                        chat.say("b".repeat(1100), more -> { }).text(), "beyond the room there is at first");
            }
        }
    }

    @Test
    void exitEndsAndOtherCommandsAreNamed() {
        Said said = converse(Optional.empty(), 2, true, "/exit", "a");
        assertEquals("> ", said.out());
        assertEquals("softq: /quit is not a command of the chat; there are /reset and /exit\n", converse(Optional.empty(), 2, false, "/quit").err());
    }
}

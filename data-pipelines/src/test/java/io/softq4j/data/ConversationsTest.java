package io.softq4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.chat.ChatTemplates;
import io.softq4j.chat.TrainOn;
import io.softq4j.common.UserError;
import io.softq4j.tokens.Example;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.huggingface.Tokenizers;
import io.softq4j.tokens.store.TokenStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a corpus of conversations to a store, with a tokenizer trained on the way. */
class ConversationsTest {

    private static final String CORPUS = """
            {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "2+2?"}, {"role": "assistant", "content": "4"},
            """.strip() + """
             {"role": "user", "content": "and 3+3?"}, {"role": "assistant", "content": "6"}]}
            {"messages": [{"role": "user", "content": "capital of France?"}, {"role": "assistant", "content": "Paris"}]}
            """.stripLeading();

    @TempDir
    Path home;

    @Test
    void everyTurnOfTheAssistantIsScoredWithTheTokenThatEndsIt() throws IOException {
        TokenStore store = prepare(d -> { });
        Tokenizer tokenizer = store.tokenizer();
        assertEquals(List.of("4<|im_end|>", "6<|im_end|>"), scored(store.get(0), tokenizer));
        assertEquals(List.of("Paris<|im_end|>"), scored(store.get(1), tokenizer));
        assertEquals(tokenizer.idOf("<|im_end|>").getAsInt(), store.manifest().eosId());
        for (long i = 0; i < store.size(); i++) {
            Example example = store.get(i);
            assertEquals(store.manifest().eosId(), example.ids()[example.length() - 1], "an example ends in the token that ends a response");
        }
    }

    @Test
    void onlyTheLastTurnOrAllOfItWhereAsked() throws IOException {
        TokenStore last = prepare(d -> d.trainOn(TrainOn.LAST_TURN));
        assertEquals(List.of("6<|im_end|>"), scored(last.get(0), last.tokenizer()));
        TokenStore all = prepare(d -> d.trainOn(TrainOn.ALL));
        assertEquals(all.get(0).length() - 1, all.get(0).responseTokens(), "all but the token there is nothing before");
    }

    @Test
    void generationStartsFromExactlyThePromptOfTheExample() throws IOException {
        for (String template : ChatTemplates.names()) {
            TokenStore store = prepare(d -> d.chatTemplate(template).trainOn(TrainOn.LAST_TURN));
            DataConfig settled = new Preparation(config(d -> d.chatTemplate(template)), TokenizerConfig.defaults(),
                    Progress.NONE).settled();
            List<RenderedRecord> records = new Records(settled, store.tokenizer()).prompts(List.of(home.resolve("chat.jsonl").toString()), 0).records();
            for (int i = 0; i < 2; i++) {
                int[] prompt = RenderSpecs.rendering(settled, store.tokenizer()).prompt(records.get(i).segments());
                Example example = store.get(i);
                int start = 0;
                while (!example.response()[start]) {
                    start++;
                }
                assertArrayEquals(Arrays.copyOf(example.ids(), start), prompt, template);
            }
            assertEquals(store.manifest().eosId(), RenderSpecs.endId(settled, store.tokenizer()), template);
        }
    }

    @Test
    void theTemplateStaysWithTheTokenizer() throws IOException {
        prepare(d -> d.chatTemplate("zephyr"));
        Tokenizer again = Tokenizers.load(home.resolve("out"));
        assertEquals(ChatTemplates.named("zephyr", java.util.Map.of()).source(), again.chatTemplate().orElseThrow());
        assertEquals(again.chatTemplate(), TokenStore.open(home.resolve("out/train")).tokenizer().chatTemplate());
    }

    @Test
    void aTokenizerWithoutATemplateIsAskedFor() throws IOException {
        new Preparation(Rows.of(Rows.file(home, "t.jsonl", 3), Rows.GSM8K), TokenizerConfig.defaults(), Progress.NONE)
                .run(home.resolve("plain"));
        String message = assertThrows(UserError.class, () -> new Preparation(config(d -> { }), TokenizerConfig.of(home.resolve("plain").toString()),
                Progress.NONE).run(home.resolve("out"))).getMessage();
        assertTrue(message.startsWith("the rows are conversations (shape messages), but the tokenizer has no chat template. "
                + "Set data.chat_template to one of [chatml, "), message);
    }

    @Test
    void aTemplateForAnotherTokenizerIsPointedOut() throws IOException {
        new Preparation(Rows.of(Rows.file(home, "t.jsonl", 3), Rows.GSM8K), TokenizerConfig.defaults(), Progress.NONE)
                .run(home.resolve("plain"));
        PreparationReport report = new Preparation(config(d -> d.chatTemplate("chatml")),
                TokenizerConfig.of(home.resolve("plain").toString()),
                Progress.NONE).run(home.resolve("out"));
        assertTrue(report.warnings().get(0).endsWith("Template chatml needs the tokens [<|im_start|>, <|im_end|>]; choose the template this tokenizer was "
                + "made for."), report.warnings().toString());
    }

    @Test
    void aRowTheTemplateRefusesIsNamedOrCounted() throws IOException {
        Files.writeString(home.resolve("chat.jsonl"), CORPUS + "{\"messages\": [{\"role\": \"user\", \"content\": \"and?\"}]}\n");
        DataConfig data = config(d -> d.train(List.of(home.resolve("chat.jsonl").toString())));
        Files.writeString(home.resolve("chat.jsonl"), CORPUS + "{\"messages\": [{\"role\": \"user\", \"content\": \"and?\"}]}\n");
        String message = assertThrows(UserError.class, () -> new Preparation(data, TokenizerConfig.defaults(), Progress.NONE).run(home.resolve("out")))
                .getMessage();
        assertTrue(message.startsWith("chat.jsonl:3: "), message);
        PreparationReport report = new Preparation(data.with(d -> d.onError(OnError.SKIP)), TokenizerConfig.defaults(),
                Progress.NONE).run(home.resolve("out"));
        assertEquals(List.of("chat.jsonl:3"), report.parts().get(0).rows().dropped().get("not_rendered").first());
    }

    @Test
    void rowsWhoseFieldsTheTemplateDoesNotWriteAreCountedByField() throws IOException {
        String first = CORPUS.lines().toList().get(0);
        PreparationReport report = prepared(first, ROW + ", 'reasoning_content': 'think hard'}]}", ROW + "}], 'tools': [{'name': 'f'}]}",
                ROW + ", 'tool_calls': [{'function': {'name': 'f', 'arguments': {}}}]}]}", ROW + "}], 'tools': []}");
        assertEquals(2, report.parts().get(0).rows().kept());
        assertEquals(List.of("c.jsonl:2 (reasoning_content)", "c.jsonl:3 (tools)", "c.jsonl:4 (tool_calls)"), report.parts().get(0).rows().dropped().get("not_rendered").first());
        assertTrue(report.warnings().toString().contains("which are not_rendered for it: reasoning_content (1), tool_calls (1), tools (1)."),
                report.warnings().toString());
    }

    @Test
    void ifNoRowCanBeUsedTheFirstErrorIsTold() {
        String message = assertThrows(UserError.class, () -> prepared(ROW + "}], 'tools': [{'name': 'f'}]}")).getMessage();
        assertTrue(message.contains("1 dropped as not_rendered (first at c.jsonl:1 (tools))"), message);
        assertTrue(message.contains("does not write the row's tools, so a model would never see it"), message);
    }

    @Test
    void emptyAndMaskedAnswersAreCounted() throws IOException {
        PreparationReport report = prepared(ROW + "}]}", ROW + ", 'weight': 0}]}", "{'messages': [{'role': 'user', 'content': 'a'}, "
                + "{'role': 'assistant', 'content': ''}, {'role': 'user', 'content': 'c'}, {'role': 'assistant', 'content': 'd'}]}");
        assertEquals(List.of("c.jsonl:2"), report.parts().get(0).rows().dropped().get("empty_response").first());
        assertEquals(2, report.parts().get(0).rows().kept());
        assertTrue(report.warnings().toString().contains("Answers for train that say nothing, which are not learned: 1."), report.warnings().toString());
        TokenStore store = TokenStore.open(home.resolve("out/train"));
        assertEquals(List.of("d<|im_end|>"), scored(store.get(1), store.tokenizer()));
    }

    @Test
    void shareGptsSystemColumnIsTheFirstMessageAndItsToolsAreTools() throws IOException {
        String asked = "'conversations': [{'from': 'human', 'value': 'a'}, {'from': 'gpt', 'value': 'b'}, {'from': 'human', 'value': 'c'}, "
                + "{'from': 'gpt', 'value': 'd', 'weight': 0}]";
        prepared("{" + asked + "}", "{" + asked + ", 'system': 'be brief'}", "{" + asked + ", 'system': ' '}");
        TokenStore store = TokenStore.open(home.resolve("out/train"));
        assertEquals(List.of(true, false), List.of(text(store, 1).startsWith("<|im_start|>system\nbe brief<|im_end|>"), text(store, 0).contains("system")));
        assertEquals(text(store, 0), text(store, 2));
        assertEquals(List.of("b<|im_end|>"), scored(store.get(1), store.tokenizer()));
        String quoted = "'[{\\\"name\\\": \\\"f\\\"}]'";
        assertEquals(1, prepared("{" + asked + "}", "{" + asked + ", 'tools': " + quoted + "}").parts().get(0).rows().dropped().get("not_rendered").count());
    }

    @Test
    void aSystemColumnBesideMessagesIsTheFirstMessageToo() throws IOException {
        prepared(ROW + "}]}", ROW + "}], 'system': 'be brief'}", "{'messages': [{'role': 'system', 'content': 'be brief'}, {'role': 'user', 'content': 'a'}, "
                + "{'role': 'assistant', 'content': 'b'}], 'system': 'be brief'}");
        TokenStore store = TokenStore.open(home.resolve("out/train"));
        assertTrue(text(store, 1).startsWith("<|im_start|>system\nbe brief<|im_end|>"), text(store, 1));
        assertEquals(List.of(false, text(store, 1)), List.of(text(store, 0).contains("system"), text(store, 2)));
    }

    @Test
    void callsThatStandAsJsonInATextAreCalls() throws IOException {
        String calls = "'[{\\\"function\\\": {\\\"name\\\": \\\"f\\\", \\\"arguments\\\": {}}}]'";
        PreparationReport report = prepared(ROW + "}]}", ROW + ", 'tool_calls': " + calls + "}]}");
        assertEquals(List.of("c.jsonl:2 (tool_calls)"), report.parts().get(0).rows().dropped().get("not_rendered").first());
    }

    @Test
    void functionsAreToolsByTheirOlderName() throws IOException {
        PreparationReport report = prepared(ROW + "}]}", ROW + "}], 'functions': [{'name': 'f', 'parameters': {}}]}", ROW + "}], 'functions': null}");
        assertEquals(List.of("c.jsonl:2 (tools)"), report.parts().get(0).rows().dropped().get("not_rendered").first());
        assertEquals(2, report.parts().get(0).rows().kept());
    }

    private static final String ROW = "{'messages': [{'role': 'user', 'content': 'a'}, {'role': 'assistant', 'content': 'b'";

    /** Of rows in single quotes, those that cannot be used left out. */
    @Test
    void fieldsThatTheTemplateWritesNothingOfAreNamedOnce() throws IOException {
        PreparationReport report = prepared(
                "{'messages': [{'role': 'user', 'content': 'a', 'name': 'Ann', 'weight': 1}, {'role': 'assistant', 'content': 'b', 'audio': {'id': 7}, 'loss': 1}]}",
                "{'messages': [{'role': 'user', 'content': 'c', 'name': 'Bob'}, {'role': 'assistant', 'content': 'd', 'loss': 2.5, 'training': true}]}");
        assertEquals(List.of("Fields of messages for train that the chat template writes nothing of, so that a model does not see them: audio (1), loss (1), "
                + "name (2)."), report.warnings().stream().filter(warning -> warning.startsWith("Fields")).toList());
        assertTrue(Files.readString(home.resolve("out/data-card.md")).contains("**Warning.** Fields of messages for train that"));
        Path template = Files.writeString(home.resolve("names.jinja"), "{% for m in messages %}<|im_start|>{{ m.role }} {{ m.name }}\n{{ m.content }}<|im_end|>\n"
                + "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant \n{% endif %}");
        Path corpus = Files.writeString(home.resolve("n.jsonl"), "{\"messages\": [{\"role\": \"user\", \"content\": \"a\", \"name\": \"Ann\"}, "
                + "{\"role\": \"assistant\", \"content\": \"b\"}]}\n");
        DataConfig data = DataConfig.defaults().with(d -> d.train(List.of(corpus.toString())).chatTemplate(template.toString()));
        assertEquals(List.of(), new Preparation(data, TokenizerConfig.defaults(), Progress.NONE).run(home.resolve("named")).warnings().stream()
                .filter(warning -> warning.startsWith("Fields")).toList());
    }

    private PreparationReport prepared(String... rows) throws IOException {
        Path corpus = Files.writeString(home.resolve("c.jsonl"), String.join("\n", rows).replace('\'', '"') + "\n");
        DataConfig data = DataConfig.defaults().with(d -> d.train(List.of(corpus.toString())).onError(OnError.SKIP));
        return new Preparation(data, TokenizerConfig.defaults(), Progress.NONE).run(home.resolve("out"));
    }

    private static String text(TokenStore store, long row) {
        StringBuilder text = new StringBuilder();
        TokenisedText.of(store.get(row), store.tokenizer()).tokens().forEach(token -> text.append(token.shown()));
        return text.toString();
    }

    private DataConfig config(Consumer<DataConfig.Draft> change) throws IOException {
        Path corpus = Files.writeString(home.resolve("chat.jsonl"), CORPUS);
        return DataConfig.defaults().with(d -> d.train(List.of(corpus.toString()))).with(change);
    }

    private TokenStore prepare(Consumer<DataConfig.Draft> change) throws IOException {
        new Preparation(config(change), TokenizerConfig.defaults(), Progress.NONE).run(home.resolve("out"));
        return TokenStore.open(home.resolve("out/train"));
    }

    private static List<String> scored(Example example, Tokenizer tokenizer) {
        StringBuilder text = new StringBuilder();
        for (TokenisedText.Token token : TokenisedText.of(example, tokenizer).tokens()) {
            text.append(token.scored() ? token.shown() : "\u0000");
        }
        return Arrays.stream(text.toString().split("\u0000+")).filter(run -> !run.isEmpty()).collect(Collectors.toList());
    }
}

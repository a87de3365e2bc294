package io.softq4j.chat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.tokens.Example;
import io.softq4j.tokens.Rendering;
import io.softq4j.tokens.Segment;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.bpe.BpeOptions;
import io.softq4j.tokens.bpe.BpeTrainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is trained on and what generation starts from, id by id: every template, every way to write a space, every turn. */
class PromptIdsTest {

    private static final List<String> ANSWERS = List.of("b", "be sure. ", " b", "\nb", "\u0301b", "x", "b [INST] b", "[b]\n\n",
            "\uD83D\uDE00");

    @TempDir
    Path home;

    @Test
    void whatStandsBeforeTheAnswerOfAnyTurnIsWhatGenerationStartsFrom() throws IOException {
        for (Map.Entry<String, Tokenizer> tokenizer : tokenizers().entrySet()) {
            Rendering rendering = Rendering.ofChat(tokenizer.getValue());
            for (String template : ChatTemplates.names()) {
                for (int from = 0; from < ANSWERS.size(); from += 3) {
                    List<Message> messages = conversation(from);
                    String what = tokenizer.getKey() + ", " + template + ", from answer " + from;
                    Example last = null;
                    for (int turn = 0; turn < 3; turn++) {
                        int[] prompt = rendering.prompt(segments(template, TrainOn.COMPLETION).prompt(messages.subList(0, 2 * turn + 1)));
                        last = rendering.example(segments(template, TrainOn.LAST_TURN).example(messages.subList(0, 2 * turn + 2))
                                .segments(), false);
                        assertArrayEquals(Arrays.copyOf(last.ids(), starts(last).get(0)), prompt, what + ", last turn " + turn);
                        if (!template.equals("qwen3")) {   // which writes a turn otherwise once others follow
                            Example all = rendering.example(segments(template, TrainOn.COMPLETION).example(messages).segments(), false);
                            assertArrayEquals(Arrays.copyOf(all.ids(), starts(all).get(turn)), prompt, what + ", turn " + turn);
                        }
                    }
                    int[] all = rendering.example(segments(template, TrainOn.ALL).example(messages).segments(), false).ids();
                    // what is scored from the first token on begins with one more, to predict it from
                    assertArrayEquals(last.ids(), Arrays.copyOfRange(all, all.length - last.length(), all.length), what);
                }
            }
        }
    }

    @Test
    void aConversationHasTheIdsOfItsWholeTextIfThatBeginsAsItsPromptsDo() throws IOException {
        int asserted = 0;
        for (Map.Entry<String, Tokenizer> tokenizer : tokenizers().entrySet()) {
            List<Message> messages = List.of(Message.of("user", "a"), Message.of("assistant", "x y"), Message.of("user", "c"),
                    Message.of("assistant", "z"));
            for (String template : ChatTemplates.names().stream().filter(name -> !name.equals("qwen3")).toList()) {
                ChatSegments chat = segments(template, TrainOn.COMPLETION);
                List<Segment> segments = chat.example(messages).segments();
                int[] whole = tokenizer.getValue().encode(text(segments));
                if (begins(whole, tokenizer.getValue().encode(text(chat.prompt(messages.subList(0, 1)))))
                        && begins(whole, tokenizer.getValue().encode(text(chat.prompt(messages.subList(0, 3)))))) {
                    assertArrayEquals(whole, Rendering.ofChat(tokenizer.getValue()).example(segments, false).ids(), tokenizer.getKey()
                            + template);
                    asserted++;
                }
            }
        }
        assertTrue(asserted > 50, "asserted " + asserted);
    }

    private static String text(List<Segment> segments) {
        return segments.stream().map(Segment::text).collect(Collectors.joining());
    }

    private static boolean begins(int[] ids, int[] beginning) {
        return ids.length >= beginning.length && Arrays.equals(ids, 0, beginning.length, beginning, 0, beginning.length);
    }

    @Test
    void aTokenOverTheEndOfAnAnswerIsLearnedAndOneOverItsBeginningIsNeverMade() throws IOException {
        ChatTemplate plain = ChatTemplate.of("{% for m in messages %}{{ m.role + ': ' + m.content + '\\n' }}{% endfor %}"
                + "{% if add_generation_prompt %}{{ 'assistant: ' }}{% endif %}", "plain.jinja", Map.of());
        List<Message> messages = List.of(Message.of("user", "a"), Message.of("assistant", "b"), Message.of("system", "c"),
                Message.of("assistant", "b"));
        List<Segment> segments = new ChatSegments(plain, TrainOn.COMPLETION, Optional.empty()).example(messages).segments();
        Tokenizer prepend = SentencePieces.prepend(home, List.of("</s>"));
        Example example = Rendering.ofChat(prepend).example(segments, true);
        List<String> scored = new ArrayList<>();
        for (int i = 0; i < example.length(); i++) {
            if (example.response()[i]) {
                scored.add(prepend.tokenText(example.ids()[i]));
            }
        }
        assertEquals(List.of("b", "\ns", "b", "\n", "</s>"), scored, "the line end and the s of system are one token, the space and the b "
                + "are not");
    }

    private static List<Message> conversation(int from) {
        List<Message> messages = new ArrayList<>();
        for (int turn = 0; turn < 3; turn++) {
            messages.add(Message.of("user", List.of("a", " b", "c\n").get(turn)));
            messages.add(Message.of("assistant", ANSWERS.get((from + turn) % ANSWERS.size())));
        }
        return messages;
    }

    private static List<Integer> starts(Example example) {
        List<Integer> starts = new ArrayList<>();
        for (int i = 1; i < example.length(); i++) {
            if (example.response()[i] && !example.response()[i - 1]) {
                starts.add(i);
            }
        }
        return starts;
    }

    private static ChatSegments segments(String template, TrainOn trainOn) {
        return new ChatSegments(ChatTemplates.named(template, Golden.TOKENS), trainOn,
                Optional.of(ChatTemplates.endOfTurn(template, Golden.TOKENS)));
    }

    private Map<String, Tokenizer> tokenizers() throws IOException {
        Set<String> special = new LinkedHashSet<>(List.of("</s>", "<s>", "<bos>"));
        ChatTemplates.names().forEach(name -> special.addAll(ChatTemplates.tokens(name, Golden.TOKENS)));
        Map<String, Tokenizer> tokenizers = new LinkedHashMap<>();
        for (List<String> tokens : List.of(List.copyOf(special), List.of("</s>"))) {
            String which = tokens.size() > 1 ? " with special tokens" : " without special tokens";
            Path directory = home.resolve(which.strip());
            for (String scheme : List.of("first", "always", "never")) {
                tokenizers.put(scheme + which, SentencePieces.unigram(directory.resolve(scheme), scheme, tokens));
            }
            tokenizers.put("prepend" + which, SentencePieces.prepend(directory.resolve("prepend"), tokens));
            for (boolean nfc : new boolean[] {false, true}) {
                BpeTrainer trainer = new BpeTrainer(BpeOptions.defaults().with(o -> o.vocabSize(400).minFrequency(1).specialTokens(tokens)
                        .nfc(nfc)));
                for (int i = 0; i < 3; i++) {
                    trainer.add("user\n\n a b: bb\n\nassistant\n be sure [INST] a [/INST] b \n\n\n bb");
                }
                tokenizers.put("byte-level, " + (nfc ? "nfc" : "as it is") + which, trainer.train());
            }
        }
        return tokenizers;
    }
}

package io.softq4j.chat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.softq4j.tokens.Example;
import io.softq4j.tokens.Rendering;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.bpe.BpeOptions;
import io.softq4j.tokens.bpe.BpeTrainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Templates as published models have them, each with its own way to begin and to end a turn. */
class PublishedTemplatesTest {

    private static final List<String> ANSWERS = List.of("b", "be sure. b", "x\nb", "b [INST] b", "\uD83D\uDE00");
    private static final Map<String, String> NAMES = Map.of("bos_token", "<s>", "eos_token", "</s>");

    /**
     * How a model family writes a conversation.
     *
     * @param end    the token that ends a turn
     * @param tokens what its tokenizer has, EOS first
     */
    private record Published(String name, String source, String end, List<String> tokens) {

        ChatTemplate template() {
            return ChatTemplate.of(source, name + ".jinja", NAMES);
        }

        ChatSegments segments(TrainOn trainOn, Tokenizer tokenizer) {
            return new ChatSegments(template(), trainOn, EndOfTurn.of(template(), tokenizer));
        }
    }

    private static final List<Published> ALL = List.of(
            // writes EOS behind a conversation that no answer is asked of
            new Published("phi-3", "{% for message in messages %}{% if message['role'] == 'system' %}{{'<|system|>\n' + message['content'] + '<|end|>\n'}}"
                    + "{% elif message['role'] == 'user' %}{{'<|user|>\n' + message['content'] + '<|end|>\n'}}{% elif message['role'] == 'assistant' %}"
                    + "{{'<|assistant|>\n' + message['content'] + '<|end|>\n'}}{% endif %}{% endfor %}"
                    + "{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% else %}{{ eos_token }}{% endif %}",
                    "<|end|>", List.of("</s>", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>")),
            new Published("phi-3, first release", "{{ bos_token }}{% for message in messages %}{% if (message['role'] == 'user') %}"
                    + "{{'<|user|>' + '\n' + message['content'] + '<|end|>' + '\n' + '<|assistant|>' + '\n'}}{% elif (message['role'] == 'assistant') %}"
                    + "{{message['content'] + '<|end|>' + '\n'}}{% endif %}{% endfor %}",
                    "<|end|>", List.of("</s>", "<s>", "<|user|>", "<|assistant|>", "<|end|>")),
            new Published("zephyr", "{% for message in messages %}\n{% if message['role'] == 'user' %}\n{{ '<|user|>\n' + message['content'] + eos_token }}\n"
                    + "{% elif message['role'] == 'system' %}\n{{ '<|system|>\n' + message['content'] + eos_token }}\n"
                    + "{% elif message['role'] == 'assistant' %}\n{{ '<|assistant|>\n'  + message['content'] + eos_token }}\n{% endif %}\n"
                    + "{% if loop.last and add_generation_prompt %}\n{{ '<|assistant|>' }}\n{% endif %}\n{% endfor %}", "</s>", List.of("</s>")),
            new Published("command-r", "{{ bos_token }}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
                    + "{{ raise_exception('Conversation roles must alternate') }}{% endif %}{% set content = message['content'] %}"
                    + "{% if message['role'] == 'user' %}{{ '<|START_OF_TURN_TOKEN|><|USER_TOKEN|>' + content.strip() + '<|END_OF_TURN_TOKEN|>' }}"
                    + "{% elif message['role'] == 'assistant' %}{{ '<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>'  + content.strip() + '<|END_OF_TURN_TOKEN|>' }}"
                    + "{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>' }}{% endif %}",
                    "<|END_OF_TURN_TOKEN|>", List.of("</s>", "<s>", "<|START_OF_TURN_TOKEN|>", "<|USER_TOKEN|>", "<|CHATBOT_TOKEN|>", "<|END_OF_TURN_TOKEN|>")),
            new Published("llama-2", "{% for message in messages %}{% if message['role'] == 'user' %}{{ bos_token + '[INST] ' + message['content'].strip() + "
                    + "' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ ' '  + message['content'].strip() + ' ' + eos_token }}{% endif %}{% endfor %}",
                    "</s>", List.of("</s>", "<s>")),
            new Published("glm-4", "[gMASK]<sop>{% for m in messages %}<|{{ m.role }}|>\n{{ m.content }}{% endfor %}{% if add_generation_prompt %}<|assistant|>"
                    + "{% endif %}", "<|user|>", List.of("</s>", "[gMASK]", "<sop>", "<|user|>", "<|assistant|>", "<|system|>")));

    @TempDir
    private Path home;

    @Test
    void whatStandsBeforeTheAnswerOfAnyTurnIsWhatGenerationStartsFromAndItsEndIsLearned() throws IOException {
        for (Published published : ALL) {
            for (Map.Entry<String, Tokenizer> entry : tokenizers(published.tokens()).entrySet()) {
                Tokenizer tokenizer = entry.getValue();
                Rendering rendering = Rendering.ofChat(tokenizer);
                int end = tokenizer.idOf(published.end()).orElseThrow();
                assertEquals(Optional.of(published.end()), EndOfTurn.of(published.template(), tokenizer), published.name());
                for (int from = 0; from < ANSWERS.size(); from++) {
                    String what = published.name() + ", " + entry.getKey() + ", from answer " + from;
                    List<Message> messages = conversation(from);
                    ChatExample whole = published.segments(TrainOn.COMPLETION, tokenizer).example(messages);
                    assertFalse(whole.appendEos(), what);
                    Example all = rendering.example(whole.segments(), false);
                    for (int turn = 0; turn < 3; turn++) {
                        int[] prompt = rendering.prompt(published.segments(TrainOn.COMPLETION, tokenizer).prompt(messages.subList(0, 2 * turn + 1)));
                        Example last = rendering.example(published.segments(TrainOn.LAST_TURN, tokenizer).example(messages.subList(0, 2 * turn + 2))
                                .segments(), false);
                        assertArrayEquals(prompt, Arrays.copyOf(last.ids(), runs(last).get(0)[0]), what + ", last turn " + turn);
                        assertArrayEquals(prompt, Arrays.copyOf(all.ids(), runs(all).get(turn)[0]), what + ", turn " + turn);
                        assertEquals(end, all.ids()[runs(all).get(turn)[1] - 1], what + ", the end of turn " + turn);
                        assertEquals(1, Arrays.stream(all.ids(), runs(all).get(turn)[0], runs(all).get(turn)[1]).filter(id -> id == end).count(), what);
                        assertEquals(last.length(), runs(last).get(0)[1], what + ", nothing follows the last end");
                    }
                }
            }
        }
    }

    private static List<Message> conversation(int from) {
        List<Message> messages = new ArrayList<>();
        for (int turn = 0; turn < 3; turn++) {
            messages.add(Message.of("user", List.of("a", "say b", "c").get(turn)));
            messages.add(Message.of("assistant", ANSWERS.get((from + turn) % ANSWERS.size())));
        }
        return messages;
    }

    /** Beginning and end of each run of scored tokens. */
    private static List<int[]> runs(Example example) {
        List<int[]> runs = new ArrayList<>();
        for (int i = 0; i < example.length(); i++) {
            if (example.response()[i] && (i == 0 || !example.response()[i - 1])) {
                runs.add(new int[] {i, i});
            }
            if (example.response()[i]) {
                runs.get(runs.size() - 1)[1] = i + 1;
            }
        }
        return runs;
    }

    private Map<String, Tokenizer> tokenizers(List<String> special) throws IOException {
        Map<String, Tokenizer> tokenizers = new LinkedHashMap<>();
        Path directory = home.resolve(String.valueOf(home.toFile().list().length));
        for (String scheme : List.of("first", "always", "never")) {
            tokenizers.put(scheme, SentencePieces.unigram(directory.resolve(scheme), scheme, special));
        }
        tokenizers.put("prepend", SentencePieces.prepend(directory.resolve("prepend"), special));
        BpeTrainer trainer = new BpeTrainer(BpeOptions.defaults().with(c -> c.vocabSize(400).minFrequency(1).specialTokens(special)));
        trainer.add("user\n\n a b: bb\n\nassistant\n be sure [INST] a [/INST] b \n\n\n bb");
        tokenizers.put("byte-level", trainer.train());
        return tokenizers;
    }
}

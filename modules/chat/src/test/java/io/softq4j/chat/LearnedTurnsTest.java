package io.softq4j.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.softq4j.common.UserError;
import io.softq4j.tokens.Segment;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.bpe.BpeOptions;
import io.softq4j.tokens.bpe.BpeTrainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which answers of a conversation are learned, and where they end. */
class LearnedTurnsTest {

    private static final String ASK = "{'role': 'user', 'content': 'a'}, ";
    /** As GLM's: nothing stands behind an answer, the next role's mark ends it. */
    private static final ChatTemplate MARKS = ChatTemplate.of("[gMASK]{% for m in messages %}<|{{ m.role }}|>\n{{ m.content }}{% endfor %}"
            + "{% if add_generation_prompt %}<|assistant|>\n{% endif %}", "marks.jinja", Map.of());

    @Test
    void anAnswerOfWeightZeroOrNotToBeTrainedIsContext() throws JsonProcessingException {
        for (String mask : List.of("'weight': 0", "'weight': 0.0", "'train': false", "'train': false, 'weight': 1", "'training': false",
                "'loss': false",
                "'loss': 0", "'training': true, 'loss': false", "'training': false, 'loss': 2.31")) {
            List<Message> messages = messages(ASK + "{'role': 'assistant', 'content': 'b', " + mask + "}, " + ASK
                    + "{'role': 'assistant', 'content': 'c', 'weight': 1, 'train': true}");
            assertEquals(List.of("c<|im_end|>"), scored(messages, TrainOn.COMPLETION), mask);
            assertEquals(List.of("<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\n",
                    "\n<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\n",
                    "c<|im_end|>"), scored(messages, TrainOn.ALL), mask);
            List<Message> turned = messages(ASK + "{'role': 'assistant', 'content': 'b'}, " + ASK + "{'role': 'assistant', 'content': 'c', "
                    + mask + "}");
            assertEquals(List.of("b<|im_end|>"), scored(turned, TrainOn.COMPLETION), mask);
            assertEquals(List.of("b<|im_end|>"), scored(turned, TrainOn.LAST_TURN), "the last one that is learned");
            assertEquals(List.of(), scored(messages(ASK + "{'role': 'assistant', 'content': 'b', " + mask + "}"), TrainOn.COMPLETION),
                    mask);
        }
    }

    @Test
    void aWeightThatIsNeitherNothingNorAllIsAnError() {
        assertEquals("the \"weight\" of a message from assistant is 0.5; an answer is learned or not: 0 or 1", assertThrows(UserError.class,
                () -> scored(messages(ASK + "{'role': 'assistant', 'content': 'b', 'weight': 0.5}"), TrainOn.COMPLETION)).getMessage());
        assertEquals("the \"train\" of a message from assistant is no; an answer is learned or not: true or false",
                assertThrows(UserError.class,
                () -> scored(messages(ASK + "{'role': 'assistant', 'content': 'b', 'train': 'no'}"), TrainOn.COMPLETION)).getMessage());
    }

    @Test
    void anEmptyAnswerIsNotLearnedAndCounted() throws JsonProcessingException {
        List<Message> messages = messages(ASK + "{'role': 'assistant', 'content': ' '}, " + ASK + "{'role': 'assistant', 'content': 'c'}");
        assertEquals(List.of("c<|im_end|>"), scored(messages, TrainOn.COMPLETION));
        assertEquals(1, chatml(TrainOn.COMPLETION).example(messages).emptyAnswers());
        assertEquals(List.of(), scored(messages(ASK + "{'role': 'assistant', 'content': ''}"), TrainOn.COMPLETION));
    }

    @Test
    void theMarkOfTheNextRoleEndsATurnAndIsAddedToTheLast() throws JsonProcessingException {
        BpeOptions special = BpeOptions.defaults().with(o -> o.vocabSize(300)
                .specialTokens(List.of("<|endoftext|>", "[gMASK]", "<|user|>", "<|assistant|>")));
        Tokenizer tokenizer = new BpeTrainer(special).train();
        Optional<String> end = EndOfTurn.of(MARKS, tokenizer);
        assertEquals(Optional.of("<|user|>"), end);
        List<Message> messages = messages(ASK + "{'role': 'assistant', 'content': 'b'}, " + ASK + "{'role': 'assistant', 'content': 'c'}");
        ChatExample example = new ChatSegments(MARKS, TrainOn.COMPLETION, end).example(messages);
        assertFalse(example.appendEos());
        assertEquals(List.of(new Segment("[gMASK]<|user|>\na<|assistant|>\n", false), new Segment("b<|user|>", true),
                new Segment("\na<|assistant|>\n", false), new Segment("c<|user|>", true)), example.segments());
        assertEquals("[gMASK]<|user|>\na<|assistant|>\n", new ChatSegments(MARKS, TrainOn.COMPLETION, end).prompt(messages.subList(0, 1))
                .get(0).text());
        Tokenizer without = new BpeTrainer(BpeOptions.defaults().with(o -> o.vocabSize(300))).train();
        assertEquals(Optional.empty(), EndOfTurn.of(MARKS, without), "a mark that is no token ends nothing");
    }

    private static ChatSegments chatml(TrainOn trainOn) {
        return new ChatSegments(ChatTemplates.named("chatml", Golden.TOKENS), trainOn, Optional.of("<|im_end|>"));
    }

    private static List<String> scored(List<Message> messages, TrainOn trainOn) {
        List<String> runs = new ArrayList<>();
        boolean before = false;
        for (Segment segment : chatml(trainOn).example(messages).segments()) {
            if (segment.scored() && before && !segment.answers()) {
                runs.set(runs.size() - 1, runs.get(runs.size() - 1) + segment.text());
            } else if (segment.scored()) {
                runs.add(segment.text());
            }
            before = segment.scored();
        }
        return runs;
    }

    private static List<Message> messages(String list) throws JsonProcessingException {
        List<Message> messages = new ArrayList<>();
        Golden.MAPPER.readTree("[" + list.replace('\'', '"') + "]").forEach(message -> messages.add(Message.of(message, "here")));
        return messages;
    }
}

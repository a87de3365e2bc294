package io.softq4j.workflow;

import io.softq4j.chat.ChatSegments;
import io.softq4j.chat.ChatTemplate;
import io.softq4j.chat.EndOfTurn;
import io.softq4j.chat.Message;
import io.softq4j.chat.TrainOn;
import io.softq4j.common.Streams;
import io.softq4j.common.UserError;
import io.softq4j.generation.Completion;
import io.softq4j.generation.DecodingSession;
import io.softq4j.generation.FinishReason;
import io.softq4j.generation.GenerationConfig;
import io.softq4j.generation.GenerationListener;
import io.softq4j.generation.Generator;
import io.softq4j.model.ModelConfig;
import io.softq4j.tokens.Rendering;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A conversation with a model. Each turn renders all messages with the chat template, as training does, and what the model has read of them before is
 * not read again: its caches keep the turns before.
 */
public final class Chat implements AutoCloseable {

    /** Tokens there is room for at first; more where a conversation needs it, so that a long context costs memory only when it is used. */
    private static final int FIRST_CAPACITY = 1024;

    private final ModelDirectory directory;
    private final ChatSegments segments;
    private final Rendering rendering;
    private final Set<Integer> endIds;
    private final GenerationConfig config;
    private final List<Message> opening;
    private final List<Message> messages = new ArrayList<>();
    private Generator generator;
    private int capacity;
    private volatile boolean stopped;

    /**
     * @param system what the system message says, if there is one
     * @param config how answers are generated, one of each
     */
    public Chat(ModelDirectory directory, ChatTemplate template, Optional<String> system, GenerationConfig config) {
        Optional<String> endOfTurn = EndOfTurn.of(template, directory.tokenizer());
        this.directory = directory;
        this.segments = new ChatSegments(template, TrainOn.COMPLETION, endOfTurn);
        this.rendering = Rendering.ofChat(directory.tokenizer());
        int eosId = directory.tokenizer().eosId();
        this.endIds = directory.endIds(endOfTurn.map(end -> directory.tokenizer().idOf(end).orElseThrow()).orElse(eosId));
        this.config = config.single();
        this.opening = system.map(text -> List.of(Message.of("system", text))).orElse(List.of());
        reset();
    }

    /** Forgets all that was said. */
    public void reset() {
        messages.clear();
        messages.addAll(opening);
    }

    /**
     * Says something and gives the answer; both are remembered.
     *
     * @param piece told the answer as it is made
     * @throws UserError if the template refuses the conversation, or it leaves no room for an answer; then nothing is remembered
     */
    public Completion say(String text, Consumer<String> piece) {
        List<Message> asked = new ArrayList<>(messages);
        asked.add(Message.of("user", text));
        int[] prompt = rendering.prompt(segments.prompt(asked));
        ModelConfig size = directory.model().config();
        if (prompt.length >= size.contextLength()) {
            throw new UserError("the conversation has " + prompt.length + " tokens with this message, the model's context holds "
                    + size.contextLength() + " (" + size.contextKey() + "), with at least one of the answer. Begin a new one (/reset), or say less.");
        }
        int most = config.newTokens(directory.model().graph().readsSource() ? 1 : prompt.length);
        if (most < 1) {
            throw new UserError("the conversation has " + prompt.length + " tokens with this message, and generation.max_length is " + config.maxLength()
                    + ", with at least one of the answer. Begin a new one (/reset), or set generation.max_new_tokens.");
        }
        require(DecodingSession.capacity(directory.model(), prompt.length, most));
        stopped = false;
        long seed = Streams.seed("turn of a chat", config.seed(), asked.size());
        Completion answer = generator.generate(List.of(prompt), config.seeded(seed), new GenerationListener() {
            @Override
            public void made(int tokens) {
                // the text shows how far it is
            }

            @Override
            public boolean isStopped() {
                return stopped;
            }

            @Override
            public void grown(int index, int sequence, String more) {
                piece.accept(more);
            }
        }).get(0).get(0);
        if (!answer.text().isEmpty() || answer.finishReason() != FinishReason.STOPPED) {
            messages.clear();
            messages.addAll(asked);
            messages.add(Message.of("assistant", answer.text()));
        }
        return answer;
    }

    /** What was said so far, the system message included. */
    public List<Message> messages() {
        return List.copyOf(messages);
    }

    /** Ends the answer that is being made, which stands as far as it came. Any thread may call it. */
    public void stop() {
        stopped = true;
    }

    /** Sees to it that so many tokens have room; caches that are too small are given up. */
    private void require(int tokens) {
        if (tokens <= capacity) {
            return;
        }
        int more = Math.min(directory.model().config().contextLength(), Math.max(tokens, Math.max(FIRST_CAPACITY, 2 * capacity)));
        close();
        generator = new Generator(directory.model(), more, config.rows(1), endIds, directory::text);
        capacity = more;
    }

    /** Why an answer was cut off; empty if it was not. */
    public Optional<String> cut(Completion answer) {
        if (answer.ended()) {
            return Optional.empty();
        }
        if (answer.finishReason() == FinishReason.STOPPED) {
            return Optional.of("stopped");
        }
        ModelConfig size = directory.model().config();
        if (answer.tokens() == config.maxNewTokens()) {
            return Optional.of("cut off at generation.max_new_tokens " + config.maxNewTokens());
        }
        String longest = config.maxLength() > 0 && config.maxLength() < size.contextLength() ? "generation.max_length " + config.maxLength()
                : "the context of " + size.contextLength() + " tokens (" + size.contextKey() + ")";
        return Optional.of("cut off: " + longest + " is full; /reset begins a new conversation");
    }

    /** Frees the caches. */
    @Override
    public void close() {
        if (generator != null) {
            generator.close();
            generator = null;
            capacity = 0;
        }
    }
}

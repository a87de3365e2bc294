package io.softq4j.workflow;

import io.softq4j.chat.ChatSegments;
import io.softq4j.chat.ChatTemplate;
import io.softq4j.chat.ChatTemplates;
import io.softq4j.chat.EndOfTurn;
import io.softq4j.chat.Message;
import io.softq4j.chat.TrainOn;
import io.softq4j.common.Streams;
import io.softq4j.common.UserError;
import io.softq4j.config.ConfigFile;
import io.softq4j.generation.Completion;
import io.softq4j.generation.DecodingSession;
import io.softq4j.generation.FinishReason;
import io.softq4j.generation.GenerationConfig;
import io.softq4j.generation.GenerationListener;
import io.softq4j.generation.Generator;
import io.softq4j.model.ModelConfig;
import io.softq4j.tokens.Rendering;
import io.softq4j.tokens.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A conversation with a model. Each turn renders all messages with the chat template, as training does, and what the model has read of them before is
 * not read again: its caches keep the turns before.
 */
public final class Chat implements AutoCloseable {

    /** Tokens there is room for at first; more where a conversation needs it, so that a long context costs memory only when it is used. */
    private static final int FIRST_CAPACITY = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(Chat.class);

    private final ModelDirectory directory;
    private final boolean owned;
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
     * Loads a model and begins a conversation with it.
     *
     * @param model         a run, a checkpoint or a model directory
     * @param configuration its section {@code generation} is how answers are generated, as {@link TextGenerator#open} has it
     * @param system        what the system message says, if there is one
     * @param template      in place of the model's own chat template: the name of one that comes with softq4j, or a file in Jinja2
     * @throws UserError if there is no model or it cannot be loaded, it has no chat template and none is given, or the configuration is refused
     */
    public static Chat open(Path model, Configuration configuration, Optional<String> system, Optional<String> template) {
        ConfigFile config = ModelDirectory.configToContinue(model, configuration);
        ModelDirectory directory = ModelDirectory.open(model);
        try {
            Tokenizer tokenizer = directory.tokenizer();
            ChatTemplate rendering = template.map(name -> template(name, tokenizer)).orElseGet(() -> template(model, tokenizer));
            Chat chat = new Chat(directory, true, rendering, system, config.section(GenerationConfig.class));
            GenerationSettings.tell(config);
            return chat;
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    private static ChatTemplate template(Path model, Tokenizer tokenizer) {
        String source = tokenizer.chatTemplate().orElseThrow(() -> new UserError(model + " has no chat template (neither chat_template.jinja nor "
                + "chat_template in tokenizer_config.json), so it was likely not trained on conversations: softq generate continues texts. If it "
                + "was, give the template with --template: one of " + String.join(", ", ChatTemplates.names()) + ", or a file in Jinja2."));
        return ChatTemplate.of(source, "of the tokenizer", tokenizer.specialTokens());
    }

    private static ChatTemplate template(String name, Tokenizer tokenizer) {
        if (ChatTemplates.names().contains(name)) {
            ChatTemplates.tokens(name, tokenizer.specialTokens()).stream().filter(token -> tokenizer.idOf(token).isEmpty()).findFirst()
                    .ifPresent(token -> LOG.warn("the tokenizer has no token {}, which template {} writes; the model was likely trained with another "
                            + "template", token, name));
            return ChatTemplates.named(name, tokenizer.specialTokens());
        }
        try {
            return ChatTemplate.of(Files.readString(Path.of(name)), name, tokenizer.specialTokens());
        } catch (IOException e) {
            throw new UserError("--template is " + name + ", which is neither one of " + String.join(", ", ChatTemplates.names())
                    + " nor a file that can be read (" + e.getMessage() + ")", e);
        }
    }

    /**
     * Begins a conversation with a loaded model, which stays open behind it. One model answers in one conversation at a time.
     *
     * @param system what the system message says, if there is one
     * @param config how answers are generated, one of each
     */
    public Chat(ModelDirectory directory, ChatTemplate template, Optional<String> system, GenerationConfig config) {
        this(directory, false, template, system, config);
    }

    private Chat(ModelDirectory directory, boolean owned, ChatTemplate template, Optional<String> system, GenerationConfig config) {
        this.owned = owned;
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
        free();
        generator = new Generator(directory.model(), more, config.rows(1), endIds, directory::text, directory::tokensAfter);
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

    /** Frees the caches, and the weights of a model that {@link #open} has loaded. */
    @Override
    public void close() {
        free();
        if (owned) {
            directory.close();
        }
    }

    private void free() {
        if (generator != null) {
            generator.close();
            generator = null;
            capacity = 0;
        }
    }
}

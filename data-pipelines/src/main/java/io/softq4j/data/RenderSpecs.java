package io.softq4j.data;

import io.softq4j.chat.ChatTemplate;
import io.softq4j.chat.ChatTemplates;
import io.softq4j.chat.EndOfTurn;
import io.softq4j.common.UserError;
import io.softq4j.data.render.ChatSpec;
import io.softq4j.data.render.Layout;
import io.softq4j.data.render.RenderSpec;
import io.softq4j.data.render.Shape;
import io.softq4j.tokens.Rendering;
import io.softq4j.tokens.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** How a corpus is rendered: what the configuration says, with the chat template of the tokenizer where one is needed. */
public final class RenderSpecs {

    private RenderSpecs() {
    }

    /**
     * The rendering of {@code data} for {@code tokenizer}.
     *
     * @param layout    what the corpus was taken for
     * @param tokenizer null if there is none, which only conversations need
     * @throws UserError if rows are conversations and there is no chat template
     */
    public static RenderSpec of(DataConfig data, Layout layout, Tokenizer tokenizer) {
        if (!usesChat(data, layout)) {
            return new RenderSpec(layout, data.prompt() == null ? "" : data.prompt(), data.response(), Optional.empty(), data.trainOn());
        }
        if (tokenizer == null) {
            throw new UserError("the rows are conversations (shape " + layout.shape().key() + "), and only a model's tokenizer says by which chat template "
                    + "they become prompts. Without a model, put the references into the rows of the texts that are judged");
        }
        String source = tokenizer.chatTemplate().orElseThrow(() -> new UserError("the rows are conversations (shape " + layout.shape().key()
                + "), but the tokenizer has no chat template. Set data.chat_template to one of " + ChatTemplates.names() + " or to a file in Jinja2"));
        return of(data, layout, source, "of the tokenizer", tokenizer.specialTokens(), Optional.of(tokenizer));
    }

    /** The id that ends a response, of {@code data} whose shape is settled. */
    public static int endId(DataConfig data, Tokenizer tokenizer) {
        return endId(of(data, layout(data), tokenizer), tokenizer);
    }

    static int endId(RenderSpec spec, Tokenizer tokenizer) {
        return spec.endToken().map(end -> tokenizer.idOf(end).orElseThrow()).orElse(tokenizer.eosId());
    }

    /** How rendered text becomes tokens, of {@code data} whose shape is settled. */
    public static Rendering rendering(DataConfig data, Tokenizer tokenizer) {
        return usesChat(data, layout(data)) ? Rendering.ofChat(tokenizer) : new Rendering(tokenizer);
    }

    /** As preparation wrote it down; data that were never prepared have none, which is as good as templates here. */
    private static Layout layout(DataConfig data) {
        Shape shape = data.effectiveShape();
        return new Layout(shape == Shape.AUTO ? Shape.TEMPLATE : shape, data.columns());
    }

    private static RenderSpec of(DataConfig data, Layout layout, String source, String origin, Map<String, String> specialTokens,
                                 Optional<Tokenizer> tokenizer) {
        ChatTemplate template = ChatTemplate.of(source, origin, specialTokens);
        Optional<String> end = tokenizer.flatMap(t -> EndOfTurn.of(template, t));
        return new RenderSpec(layout, data.prompt() == null ? "" : data.prompt(), data.response(),
                Optional.of(new ChatSpec(source, origin, specialTokens, end, Optional.ofNullable(data.system()))), data.trainOn());
    }

    /** The rendering before there is a tokenizer, to know the columns it needs. */
    static RenderSpec outline(DataConfig data, Layout layout) {
        return untrained(data, layout, usesChat(data, layout) ? Optional.of("") : Optional.empty(), Map.of());
    }

    /** The rendering before there is a tokenizer, to train one on: special tokens are spelled, where turns end is not known. */
    static RenderSpec untrained(DataConfig data, Layout layout, Optional<String> chatTemplate, Map<String, String> specialTokens) {
        return chatTemplate.isEmpty()
                ? new RenderSpec(layout, data.prompt() == null ? "" : data.prompt(), data.response(), Optional.empty(), data.trainOn())
                : of(data, layout, chatTemplate.get(), "of the configuration", specialTokens, Optional.empty());
    }

    /** Whether rows are rendered by a chat template. */
    static boolean usesChat(DataConfig data, Layout layout) {
        return layout.shape().isConversation() || data.applyChatTemplate();
    }

    /** The source of a chat template. @param nameOrFile a built-in one, or a file */
    static String source(String nameOrFile) {
        if (ChatTemplates.names().contains(nameOrFile)) {
            return ChatTemplates.named(nameOrFile, Map.of()).source();
        }
        try {
            return Files.readString(Path.of(nameOrFile));
        } catch (IOException e) {
            throw new UserError("chat_template is " + nameOrFile + ", which is neither one of " + ChatTemplates.names() + " nor a file that can be read ("
                    + e.getMessage() + ")", e);
        }
    }
}

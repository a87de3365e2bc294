package io.softq4j.data.render;

import io.softq4j.chat.TrainOn;
import java.util.Optional;

/**
 * All that decides how a row is rendered.
 *
 * @param layout   where the corpus keeps what
 * @param prompt   the user's template of the prompt, where the shape is TEMPLATE, else null
 * @param response and of the response
 * @param chat     the chat template, where conversations are rendered
 * @param trainOn  what is scored
 */
public record RenderSpec(Layout layout, String prompt, String response, Optional<ChatSpec> chat, TrainOn trainOn) {

    Templates templates() {
        if (layout.shape() == Shape.TEMPLATE) {
            return new Templates(prompt, response);
        }
        return chat.isPresent() ? Templates.inConversation(layout) : Templates.of(layout);
    }

    /** What ends a response, if it is not the tokenizer's EOS. */
    public Optional<String> endToken() {
        return chat.flatMap(ChatSpec::endToken);
    }
}

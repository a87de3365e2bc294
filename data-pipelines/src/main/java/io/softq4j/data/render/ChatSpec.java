package io.softq4j.data.render;

import io.softq4j.chat.ChatSegments;
import io.softq4j.chat.ChatTemplate;
import io.softq4j.chat.TrainOn;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A chat template and what it needs.
 *
 * @param template      in Jinja2, as Hugging Face has them
 * @param origin        where it came from, for messages
 * @param specialTokens the spellings it may ask for, such as {@code bos_token}
 * @param endToken      what the template writes where an assistant's turn ends, or empty if it writes nothing: EOS is put there then
 * @param system        template of the system message for a conversation that has none
 */
public record ChatSpec(String template, String origin, Map<String, String> specialTokens, Optional<String> endToken,
                       Optional<String> system) {

    public ChatSpec {
        specialTokens = new TreeMap<>(specialTokens);
    }

    ChatSegments segments(TrainOn trainOn) {
        return new ChatSegments(ChatTemplate.of(template, origin, specialTokens), trainOn, endToken);
    }
}

package io.softq4j.chat;

import io.softq4j.common.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * This class finds the chat templates that come with softq4j, which were written from the published formats of the models in their names.
 */
public final class ChatTemplates {

    private ChatTemplates() {
    }

    /** All names. */
    public static List<String> names() {
        return BuiltInTemplate.ALL.stream().map(BuiltInTemplate::name).toList();
    }

    /**
     * A template.
     *
     * @param specialTokens variables such as {@code bos_token} and {@code eos_token}, as the tokenizer has them; for one that the
     *                      template needs and that is not given, it is what the models the template is from have
     * @throws UserError if there is none of that name
     */
    public static ChatTemplate named(String name, Map<String, String> specialTokens) {
        BuiltInTemplate known = known(name);
        try (InputStream in = ChatTemplates.class.getResourceAsStream(name + ".jinja")) {
            return ChatTemplate.of(new String(in.readAllBytes(), StandardCharsets.UTF_8), "\"" + name + "\"",
                    variables(known, specialTokens));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The special tokens its text spells; a tokenizer without them would take each to pieces.
     *
     * @param specialTokens as in {@link #named}
     * @throws UserError if there is none of that name
     */
    public static List<String> tokens(String name, Map<String, String> specialTokens) {
        BuiltInTemplate known = known(name);
        Map<String, String> variables = variables(known, specialTokens);
        List<String> tokens = new ArrayList<>(known.tokens());
        known.variables().keySet().stream().sorted().map(variables::get).forEach(tokens::add);
        return List.copyOf(tokens);
    }

    /**
     * The token that ends a turn of the assistant.
     *
     * @param specialTokens as in {@link #named}
     * @throws UserError if there is none of that name
     */
    public static String endOfTurn(String name, Map<String, String> specialTokens) {
        BuiltInTemplate known = known(name);
        return variables(known, specialTokens).getOrDefault(known.endOfTurn(), known.endOfTurn());
    }

    private static Map<String, String> variables(BuiltInTemplate known, Map<String, String> specialTokens) {
        Map<String, String> variables = new HashMap<>(known.variables());
        variables.putAll(specialTokens);
        return variables;
    }

    private static BuiltInTemplate known(String name) {
        return BuiltInTemplate.ALL.stream().filter(template -> template.name().equals(name)).findFirst().orElseThrow(() -> new UserError(
                "there is no chat template \"" + name + "\"; there are " + String.join(", ", names())
                + ", or give the path of a Jinja file"));
    }
}

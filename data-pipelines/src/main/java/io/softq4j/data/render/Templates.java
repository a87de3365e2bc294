package io.softq4j.data.render;

import io.softq4j.common.UserError;
import java.util.Locale;
import java.util.Map;

/** The prompt and the response of a shape, as templates over its fields. */
record Templates(String prompt, String response) {

    /** Of a shape that has one pair of templates. */
    static Templates of(Layout layout) {
        return switch (layout.shape()) {
            case TEXT -> new Templates("", "{text}");
            case PROMPT_COMPLETION -> new Templates("{prompt}", "{completion}");
            case GSM8K -> new Templates("Question: {question}\nAnswer:", " {answer}");
            case XSUM -> new Templates("Document: {document}\nSummary:", " {summary}");
            case TRANSLATION -> new Templates(translate(layout.columns()), " {target}");
            default -> throw new IllegalArgumentException(layout.shape() + " has no templates of its own");
        };
    }

    /** What a user says and what the assistant answers. */
    static Templates inConversation(Layout layout) {
        return switch (layout.shape()) {
            case TEXT -> throw new UserError("a corpus of shape text has no prompt to put into a conversation; set apply_chat_template to false");
            case PROMPT_COMPLETION -> new Templates("{prompt}", "{completion}");
            case GSM8K -> new Templates("{question}", "{answer}");
            case XSUM -> new Templates("Summarize this document:\n\n{document}", "{summary}");
            case TRANSLATION -> new Templates(translate(layout.columns()).replace("\nTranslation:", ""), "{target}");
            default -> throw new IllegalArgumentException(layout.shape() + " has no templates of its own");
        };
    }

    private static String translate(Map<String, String> columns) {
        return "Translate " + language(columns.get("source")) + " to " + language(columns.get("target")) + ": {source}\nTranslation:";
    }

    /** {@code translation.de} is German; a column whose name is no language code goes by its name. */
    private static String language(String column) {
        String code = column.substring(column.lastIndexOf('.') + 1);
        String name = Locale.forLanguageTag(code).getDisplayLanguage(Locale.ENGLISH);
        return (name.isEmpty() ? code : name).replace("{", "{{").replace("}", "}}");
    }
}

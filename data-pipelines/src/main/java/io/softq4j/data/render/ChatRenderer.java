package io.softq4j.data.render;

import io.softq4j.data.chat.ChatExample;
import io.softq4j.data.chat.ChatSegments;
import io.softq4j.data.chat.Message;
import io.softq4j.data.row.Column;
import io.softq4j.tokens.Segment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** Conversations by a chat template. */
final class ChatRenderer implements Renderer {

    private final Conversations conversations;
    private final ChatSegments segments;
    private final LongAdder emptyAnswers = new LongAdder();

    ChatRenderer(RenderSpec spec, Conversations conversations) {
        this.conversations = conversations;
        this.segments = spec.chat().orElseThrow().segments(spec.trainOn());
    }

    @Override
    public List<Column> promptColumns() {
        return conversations.promptColumns();
    }

    @Override
    public List<Column> columns() {
        return conversations.columns();
    }

    @Override
    public String prompt(Map<String, String> row) {
        return promptSegments(row).stream().map(Segment::text).collect(Collectors.joining());
    }

    @Override
    public List<Segment> promptSegments(Map<String, String> row) {
        return segments.prompt(conversations.prompt(row), conversations.tools(row));
    }

    /** What the assistant says last. */
    @Override
    public String response(Map<String, String> row) {
        List<Message> messages = conversations.example(row);
        Message last = messages.get(messages.size() - 1);
        return last.isAssistant() ? last.text() : "";
    }

    @Override
    public String question(Map<String, String> row) {
        return conversations.question(row);
    }

    @Override
    public List<Segment> example(Map<String, String> row) {
        ChatExample example = segments.example(conversations.example(row), conversations.tools(row));
        emptyAnswers.add(example.emptyAnswers());
        return example.segments();
    }

    @Override
    public long emptyAnswers() {
        return emptyAnswers.sum();
    }
}

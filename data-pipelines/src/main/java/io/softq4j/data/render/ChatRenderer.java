package io.softq4j.data.render;

import io.softq4j.chat.ChatExample;
import io.softq4j.chat.ChatSegments;
import io.softq4j.chat.Message;
import io.softq4j.data.row.Column;
import io.softq4j.tokens.PromptTemplate;
import io.softq4j.tokens.Segment;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** Conversations by a chat template. */
final class ChatRenderer implements Renderer {

    private final Conversations conversations;
    private final ChatSegments segments;
    private final Optional<PromptTemplate> system;
    private final LongAdder emptyAnswers = new LongAdder();

    ChatRenderer(RenderSpec spec, Conversations conversations) {
        this.conversations = conversations;
        this.segments = spec.chat().orElseThrow().segments(spec.trainOn());
        this.system = spec.chat().get().system().map(PromptTemplate::new);
    }

    @Override
    public List<Column> promptColumns() {
        return withSystem(conversations.promptColumns());
    }

    @Override
    public List<Column> columns() {
        return withSystem(conversations.columns());
    }

    @Override
    public String prompt(Map<String, String> row) {
        return promptSegments(row).stream().map(Segment::text).collect(Collectors.joining());
    }

    @Override
    public List<Segment> promptSegments(Map<String, String> row) {
        return segments.prompt(withSystem(conversations.prompt(row), row), conversations.tools(row));
    }

    /** What the assistant says last. */
    @Override
    public String response(Map<String, String> row) {
        List<Message> messages = conversations.example(row);
        Message last = messages.get(messages.size() - 1);
        return last.isAssistant() ? last.text() : "";
    }

    @Override
    public Optional<String> responseColumn() {
        return conversations.responseColumn();
    }

    @Override
    public String question(Map<String, String> row) {
        return conversations.question(row);
    }

    @Override
    public List<Segment> example(Map<String, String> row) {
        ChatExample example = segments.example(withSystem(conversations.example(row), row), conversations.tools(row));
        emptyAnswers.add(example.emptyAnswers());
        return example.segments();
    }

    private List<Message> withSystem(List<Message> messages, Map<String, String> row) {
        if (system.isEmpty() || "system".equals(messages.get(0).fields().get("role"))) {
            return messages;
        }
        List<Message> whole = new ArrayList<>(List.of(Message.of("system", system.get().render(row))));
        whole.addAll(messages);
        return whole;
    }

    private List<Column> withSystem(List<Column> columns) {
        Set<Column> all = new LinkedHashSet<>(columns);
        system.ifPresent(template -> template.fields().forEach(field -> all.add(Column.text(field))));
        return List.copyOf(all);
    }

    @Override
    public Map<String, Long> unwrittenFields() {
        return segments.unwrittenFields();
    }

    @Override
    public long emptyAnswers() {
        return emptyAnswers.sum();
    }
}

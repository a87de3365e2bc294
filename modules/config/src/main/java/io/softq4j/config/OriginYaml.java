package io.softq4j.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A configuration as YAML in which a comment beside each value names where it is from: file and line, {@code --set}, or the default. */
final class OriginYaml {

    /** Comments begin at this column at most, longer lines aside. */
    private static final int WIDEST = 48;

    private final Map<String, Origin> stated;
    private final List<String> lines = new ArrayList<>();
    private final List<String> origins = new ArrayList<>();

    private OriginYaml(Map<String, Origin> stated) {
        this.stated = stated;
    }

    /**
     * @param values section to key to value, as YAML can hold them
     * @param stated origins of the keys that were given a value, such as {@code training.seed}
     */
    static String of(Map<String, Object> values, Map<String, Origin> stated) {
        OriginYaml yaml = new OriginYaml(stated);
        yaml.add("", "", values);
        int width = yaml.lines.stream().mapToInt(String::length).filter(length -> length <= WIDEST).max().orElse(0);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < yaml.lines.size(); i++) {
            String line = yaml.lines.get(i);
            String origin = yaml.origins.get(i);
            text.append(line);
            if (!origin.isEmpty()) {
                text.append(" ".repeat(Math.max(0, width - line.length()))).append("    # ").append(origin);
            }
            text.append('\n');
        }
        return text.toString();
    }

    private void add(String indent, String prefix, Map<?, ?> values) {
        values.forEach((key, value) -> {
            String path = prefix + key;
            String start = indent + FlowYaml.of(key) + ":";
            if (value instanceof Map<?, ?> within && !within.isEmpty()) {
                lines.add(start);
                origins.add("");
                add(indent + "  ", path + ".", within);
            } else {
                lines.add(start + " " + FlowYaml.of(value));
                origins.add(origin(path));
            }
        });
    }

    private String origin(String path) {
        return stated.entrySet().stream().filter(given -> given.getKey().equals(path) || given.getKey().startsWith(path + ".")).findFirst()
                .map(given -> text(given.getValue())).orElse("default");    // below it: a text that was read as a section at first
    }

    private static String text(Origin origin) {
        return origin.layer() == Origin.Layer.OPTION ? origin.source() : origin.text().replaceAll("\\R", " ");
    }
}

package io.softq4j.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.UserError;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * YAML text to {@link Setting}s that know their lines. Anchors work; several documents and repeated keys are refused; tags mean nothing.
 */
final class SettingReader {

    /** More, anchors counted at each place that names them, is no configuration of this program. */
    private static final int MOST_VALUES = 100_000;

    private final IntFunction<Origin> originOfLine;
    /** The lists and mappings around the value at hand. */
    private final Set<Node> around = Collections.newSetFromMap(new IdentityHashMap<>());
    private int values;

    private SettingReader(IntFunction<Origin> originOfLine) {
        this.originOfLine = originOfLine;
    }

    /** Reads a file; an empty one is an empty mapping. */
    static Setting.Mapping readFile(Path file) {
        SettingReader reader = new SettingReader(line -> Origin.line(file.toString(), line));
        try {
            Setting root = reader.read(Files.readString(file));
            if (root instanceof Setting.Mapping mapping) {
                return mapping;
            }
            throw new UserError(root.origin() + ": expected sections such as 'training:' at the top level, found " + root.seen());
        } catch (NoSuchFileException e) {
            throw new UserError("no such file: " + file + " (current directory: " + Path.of("").toAbsolutePath() + ")", e);
        } catch (CharacterCodingException e) {
            throw new UserError(file + " is not UTF-8 text", e);
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + (Files.isDirectory(file) ? "it is a directory" : e.getMessage()), e);
        }
    }

    /** JSON as a setting, all of it from one place. */
    static Setting ofJson(JsonNode json, Origin origin) {
        if (json.isObject()) {
            Map<String, Setting> entries = new LinkedHashMap<>();
            json.properties().forEach(entry -> entries.put(entry.getKey(), ofJson(entry.getValue(), origin)));
            return new Setting.Mapping(entries, origin);
        }
        if (json.isArray()) {
            List<Setting> items = new ArrayList<>();
            json.forEach(item -> items.add(ofJson(item, origin)));
            return new Setting.Sequence(items, origin);
        }
        return new Setting.Scalar(json.asText(), json.isTextual(), origin);
    }

    /** Reads {@code a.b=value}, the value being YAML, or else a word: where the key is for text, it is what was typed in any case. */
    static Setting.Mapping readAssignment(String assignment) {
        int equals = assignment.indexOf('=');
        if (equals < 1) {
            throw new UserError("--set " + assignment + ": expected section.key=value, such as training.seed=7");
        }
        Origin origin = Origin.option(assignment);
        String typed = assignment.substring(equals + 1);
        Setting value = assigned(typed, origin);
        String[] keys = assignment.substring(0, equals).strip().split("\\.", -1);
        for (int i = keys.length - 1; i >= 0; i--) {
            value = new Setting.Mapping(Map.of(keys[i], value), origin);
        }
        return (Setting.Mapping) value;
    }

    private static Setting assigned(String typed, Origin origin) {
        Origin own = origin.assigning(typed.strip());
        try {
            return at(own, new SettingReader(line -> origin).read(typed));
        } catch (Endless e) {
            throw e;
        } catch (UserError notYaml) {
            // @file, 100%, [draft].txt: a path or a template may be; nothing else is
            return new Setting.Scalar(typed.strip(), false, own);
        }
    }

    /** Characters that YAML does not have are named here, with their line: its parser knows their place in its buffer alone. */
    private void requirePrintable(String text) {
        int line = 1;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int character = text.codePointAt(i);
            if (!StreamReader.isPrintable(character)) {
                throw new UserError(originOfLine.apply(line) + String.format(Locale.ROOT,
                        ": the character U+%04X is not allowed in YAML. Delete it, or write "
                        + "it as \"\\u%04X\" between double quotes", character, character));
            }
            line += character == '\n' ? 1 : 0;
        }
    }

    private Setting read(String text) {
        requirePrintable(text);
        try {
            Node root = new Yaml(new SafeConstructor(new LoaderOptions())).compose(new StringReader(text));
            return root == null ? new Setting.Mapping(Map.of(), originOfLine.apply(1)) : convert(root);
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            throw new UserError(originOfLine.apply(line) + ": not valid YAML: " + e.getProblem()
                    + (e.getContext() == null ? "" : " (" + e.getContext() + ")"), e);
        } catch (YAMLException e) {
            throw new UserError(originOfLine.apply(1) + ": not valid YAML: " + e.getMessage(), e);
        }
    }

    /** YAML whose anchors make it endless, or as good as. */
    private static final class Endless extends UserError {

        private static final long serialVersionUID = 1;

        Endless(String message) {
            super(message);
        }
    }

    private Setting convert(Node node) {
        if (++values > MOST_VALUES) {
            throw new Endless(origin(node) + ": this YAML has more than " + MOST_VALUES
                    + " values where its anchors (&name) are written out; "
                    + "use fewer aliases (*name) of lists that hold aliases");
        }
        if (!around.add(node)) {
            throw new Endless(origin(node) + ": this YAML contains itself: the value here has an anchor (&name), and an alias (*name) "
                    + "within it names it "
                    + "again. Write out what is meant instead of the alias");
        }
        Setting converted = converted(node);
        around.remove(node);
        return converted;
    }

    private Setting converted(Node node) {
        Origin origin = origin(node);
        if (node instanceof ScalarNode scalar) {
            return new Setting.Scalar(scalar.getValue(), scalar.getScalarStyle() != ScalarStyle.PLAIN, origin);
        }
        if (node instanceof SequenceNode sequence) {
            List<Setting> items = new ArrayList<>();
            sequence.getValue().forEach(item -> items.add(convert(item)));
            return new Setting.Sequence(List.copyOf(items), origin);
        }
        Map<String, Setting> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : ((MappingNode) node).getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw new UserError(origin(tuple.getKeyNode()) + ": a key must be a word");
            }
            Setting value = at(origin(key), convert(tuple.getValueNode()));
            if (entries.put(key.getValue(), value) != null) {
                throw new UserError(origin(key) + ": the key '" + key.getValue() + "' is here for the second time");
            }
        }
        return new Setting.Mapping(entries, origin);
    }

    /** A value is named by the line of its key, which is where a section begins for the reader. */
    private static Setting at(Origin origin, Setting value) {
        if (value instanceof Setting.Scalar s) {
            return new Setting.Scalar(s.text(), s.quoted(), origin);
        }
        if (value instanceof Setting.Sequence s) {
            return new Setting.Sequence(s.items(), origin);
        }
        return new Setting.Mapping(((Setting.Mapping) value).entries(), origin);
    }

    private Origin origin(Node node) {
        return originOfLine.apply(node.getStartMark().getLine() + 1);
    }
}

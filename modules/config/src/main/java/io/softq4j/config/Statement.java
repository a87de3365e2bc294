package io.softq4j.config;

import io.softq4j.common.Drafts;
import io.softq4j.common.Json;
import io.softq4j.common.Keys;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * One thing that is said of a configuration: a file, an assignment, or values that a program gives. What is said later lies over what was
 * said before.
 */
public final class Statement {

    private final Optional<Path> file;
    private final Supplier<Setting.Mapping> settings;

    private Statement(Optional<Path> file, Supplier<Setting.Mapping> settings) {
        this.file = file;
        this.settings = settings;
    }

    /** A file of YAML, read when the configuration is. */
    public static Statement file(Path yaml) {
        return new Statement(Optional.of(yaml), () -> SettingReader.readFile(yaml));
    }

    /** {@code section.key=value}, as given to {@code --set}. */
    public static Statement assignment(String text) {
        return new Statement(Optional.empty(), () -> SettingReader.readAssignment(text));
    }

    /**
     * What a program sets of a section. Only the components whose methods {@code change} calls are stated; the others keep the values they
     * have.
     *
     * @param draft the {@code Draft} of the section's record, see {@link Drafts}
     */
    public static <D> Statement values(String section, Class<D> draft, Consumer<? super D> change) {
        Map<String, Object> called = Drafts.values(draft, change);
        Map<String, RecordComponent> components = Arrays.stream(draft.getDeclaringClass().getRecordComponents())
                .collect(Collectors.toMap(RecordComponent::getName, Function.identity()));
        Map<String, Object> plain = new LinkedHashMap<>();
        called.forEach((name, value) -> plain.put(Keys.name(components.get(name)), RecordText.plain(value)));
        Setting values = SettingReader.ofJson(Json.STRICT.valueToTree(plain), Origin.PROGRAM);
        return new Statement(Optional.empty(), () -> new Setting.Mapping(Map.of(section, values), Origin.PROGRAM));
    }

    /** The file, if it is one. */
    public Optional<Path> file() {
        return file;
    }

    /** @throws io.softq4j.common.UserError for a file that cannot be read, YAML that does not parse, or what is no assignment */
    Setting.Mapping settings() {
        return settings.get();
    }
}

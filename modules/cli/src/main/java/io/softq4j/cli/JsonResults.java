package io.softq4j.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.Json;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.IntSupplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/**
 * The option {@code --json}, a {@code @Mixin}: the results of a command as one JSON object on standard output, and nothing else there. A command hands
 * over its results whether they are asked for or not, and prints its text as ever; with {@code --json} the text goes nowhere.
 */
final class JsonResults {

    /** Names in snake_case, two spaces, {@code \n} on every platform. */
    private static final JsonMapper MAPPER = Json.strict().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .defaultPrettyPrinter(new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"))).build();

    @Option(names = "--json", description = "Print the results as one JSON object instead of text.")
    private boolean asked;

    private JsonNode results = MAPPER.createObjectNode();

    /** Whether the results are asked for, for a command that gets at them in another way than its text. */
    boolean asked() {
        return asked;
    }

    /** Adds a result under its name: a number, a text, a path, a list of these, a JSON tree, or a record, whose names become snake_case. */
    void put(String name, Object value) {
        ((ObjectNode) results).set(name, value instanceof Path path ? MAPPER.getNodeFactory().textNode(path.toString()) : MAPPER.valueToTree(value));
    }

    /** Makes one value all there is: JSON as text, or what {@link #put} takes. */
    void set(Object value) {
        results = value instanceof String json ? tree(json) : MAPPER.valueToTree(value);
    }

    /** JSON that is there as text, to be put. */
    static JsonNode tree(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("softq wrote what is not JSON: " + json, e);
        }
    }

    /** Runs a command: as it is without {@code --json}, else with its text going nowhere, and its results to standard output if it ends by itself. */
    static int around(CommandLine command, IntSupplier run) {
        Optional<JsonResults> json = of(command.getCommandSpec()).filter(JsonResults::asked);
        if (json.isEmpty()) {
            return run.getAsInt();
        }
        PrintWriter out = command.getOut();
        command.setOut(new PrintWriter(Writer.nullWriter()));
        int code;
        try {
            code = run.getAsInt();
        } finally {
            command.setOut(out);
        }
        out.println(json.get().results.toPrettyString());
        out.flush();
        return code;
    }

    /** That of a command, if it has one. */
    static Optional<JsonResults> of(CommandSpec command) {
        return command.mixins().values().stream().map(CommandSpec::userObject).filter(JsonResults.class::isInstance).map(JsonResults.class::cast)
                .findFirst();
    }
}

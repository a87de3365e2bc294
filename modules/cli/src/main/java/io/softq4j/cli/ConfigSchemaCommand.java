package io.softq4j.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.AtomicFiles;
import io.softq4j.common.Json;
import io.softq4j.common.Output;
import io.softq4j.workflow.Sections;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code softq config schema}. */
@Command(name = "schema", mixinStandardHelpOptions = true, versionProvider = Version.class,
        header = "Writes the JSON schema of the configuration: keys, types, bounds, defaults, meaning.",
        description = "%nDraft 2020-12. An editor with a YAML language server completes and checks the keys of a file that begins with the "
                + "line below.%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  softq config schema --out softq.schema.json",
            "  # the first line of run.yaml beside it",
            "  # yaml-language-server: $schema=softq.schema.json"
        })
final class ConfigSchemaCommand implements Callable<Integer> {

    private static final Output.Earlier EARLIER = new Output.Earlier("a schema by softq config schema", ConfigSchemaCommand::isSchema);

    @Option(names = "--out", paramLabel = "FILE", description = "Where to; without it the schema is printed.")
    private Optional<Path> out = Optional.empty();

    @Mixin
    private OutputOptions replacing;

    @Mixin
    private JsonResults results;

    @Spec
    private CommandSpec spec;

    private ConfigSchemaCommand() {
    }

    @Override
    public Integer call() {
        String schema = Sections.schema();
        if (out.filter(file -> !file.equals(OutputOptions.STANDARD)).isEmpty()) {
            results.set(schema);
            spec.commandLine().getOut().print(schema);
            return 0;
        }
        Output output = replacing.output(out.get());
        output.requireFile(EARLIER);
        AtomicFiles.writeString(output.path(), schema);
        results.put("out", output.path());
        spec.commandLine().getOut().println("schema in " + output.path());
        return 0;
    }

    private static boolean isSchema(Path file) {
        try {
            JsonNode schema = Json.STRICT.readTree(file.toFile());
            return schema.path("title").asText().equals(Sections.RUN.jsonSchema().path("title").asText());
        } catch (IOException e) {
            return false;
        }
    }
}

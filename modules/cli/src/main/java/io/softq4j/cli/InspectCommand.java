package io.softq4j.cli;

import io.softq4j.cli.terminal.Screen;
import io.softq4j.cli.terminal.Terminal;
import io.softq4j.cli.terminal.TokenColours;
import io.softq4j.common.UserError;
import io.softq4j.common.Visible;
import io.softq4j.data.TokenisedText;
import io.softq4j.evaluation.TerminalTable;
import io.softq4j.tokens.Example;
import io.softq4j.tokens.store.TokenStore;
import io.softq4j.workflow.PreparedData;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code softq inspect}. */
@Command(name = "inspect", mixinStandardHelpOptions = true, versionProvider = Version.class,
        header = "Shows prepared examples token by token: ids, text, and what is scored.",
        description = "%nAn example is shown as text, what is scored in green (between \u27e6 and \u27e7 where there are no colours), then as a "
                + "table of its tokens.%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  # the first example for training",
            "  softq inspect runs/data",
            "  softq inspect runs/data 0 17 4711                three of them",
            "  softq inspect runs/data 3 --part validation --text     without the table"
        })
final class InspectCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "DATA", description = "What softq prepare made.")
    private Path data;

    @Parameters(index = "1..*", paramLabel = "INDEX", description = "Which examples, counted from 0 (default: 0).")
    private List<Long> indices = new ArrayList<>();

    @Option(names = "--part", defaultValue = "train", paramLabel = "PART", description = "train, validation or test (default: ${DEFAULT-VALUE}).")
    private String part;

    @Option(names = "--text", description = "Only the text, no table.")
    private boolean textOnly;

    @Mixin
    private JsonResults results;

    @Spec
    private CommandSpec spec;

    private InspectCommand() {
    }

    @Override
    public Integer call() {
        TokenStore store = PreparedData.part(data, part);
        PrintWriter out = spec.commandLine().getOut();
        List<Map<String, Object>> examples = new ArrayList<>();
        for (long index : indices.isEmpty() ? List.of(0L) : indices) {
            if (index < 0 || index >= store.size()) {
                throw new UserError("there is no example " + index + " in " + data.resolve(part) + ": it has " + store.size() + ", counted from 0");
            }
            Example example = store.get(index);
            TokenisedText text = TokenisedText.of(example, store.tokenizer());
            examples.add(Map.of("index", index, "scored", example.responseTokens(), "tokens", text.tokens()));
            out.printf(Locale.ROOT, "example %,d of %,d: %,d tokens, %,d scored%n%n", index, store.size(), example.length(), example.responseTokens());
            Screen.printTrusted(out, new TokenColours(Terminal.colours()).of(text) + "\n");
            out.println();
            if (!textOnly) {
                out.println(table(text));
            }
        }
        results.put("part", part);
        results.put("size", store.size());
        results.put("examples", examples);
        return 0;
    }

    private static TerminalTable table(TokenisedText text) {
        List<List<String>> rows = new ArrayList<>();
        for (TokenisedText.Token token : text.tokens()) {
            rows.add(List.of(Integer.toString(rows.size()), Integer.toString(token.id()), token.scored() ? "1" : "0", Visible.quoted(token.text())));
        }
        return new TerminalTable(List.of("position", "id", "scored", "token"), rows);
    }
}

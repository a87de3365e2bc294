package io.softq4j.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code softq completion}. */
@Command(name = "completion", mixinStandardHelpOptions = true, versionProvider = Version.class,
        header = "Prints what makes a shell complete the commands and options of softq.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  # bash, for good (needs the package bash-completion):",
            "  softq completion bash > ~/.local/share/bash-completion/completions/softq",
            "  # zsh, for good:",
            "  softq completion zsh > ~/.softq-completion",
            "  echo 'source ~/.softq-completion' >> ~/.zshrc",
            "  # either, for this shell only:",
            "  source <(softq completion bash)"
        })
final class CompletionCommand implements Callable<Integer> {

    /** The shells, by the names that are typed. */
    enum Shell {
        bash, zsh
    }

    @Parameters(index = "0", paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}.")
    private Shell shell;

    @Mixin
    private JsonResults results;

    @Spec
    private CommandSpec spec;

    private CompletionCommand() {
    }

    @Override
    public Integer call() {
        // one script for both: in zsh it starts bashcompinit, zsh's own support for completions of bash
        String script = AutoComplete.bash(spec.root().name(), spec.root().commandLine());
        results.put("shell", shell.name());
        results.put("script", script);
        spec.commandLine().getOut().print(script);
        spec.commandLine().getOut().flush();
        return 0;
    }
}

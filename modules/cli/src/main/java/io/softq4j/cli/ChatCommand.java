package io.softq4j.cli;

import io.softq4j.chat.Message;
import io.softq4j.cli.terminal.Terminal;
import io.softq4j.common.UserError;
import io.softq4j.generation.Completion;
import io.softq4j.workflow.Chat;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code softq chat}. */
@Command(name = "chat", mixinStandardHelpOptions = true, versionProvider = Version.class,
        header = "A conversation with a model.",
        description = "%nRendered with the model's chat template, answered as the generation section says. A line is a message; /reset begins anew, "
                + "/exit or the end of the input ends; Ctrl-C ends the answer that is being made.%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  softq chat runs/chat --system 'You are brief.' \\",
            "      --set generation.max_new_tokens=512",
            "  # one answer, and no more",
            "  softq chat runs/chat --message 'What is 2 + 2?'"
        })
final class ChatCommand implements Callable<Integer>, Computes {

    @Parameters(index = "0", paramLabel = "MODEL", description = "Run directory, checkpoint or model directory.")
    private Path model;

    @Mixin
    private ConfigOptions options;

    @Option(names = "--system", paramLabel = "TEXT", description = "What the system message says.")
    private Optional<String> system = Optional.empty();

    @Option(names = "--template", paramLabel = "NAME|FILE",
            description = "Chat template in place of the model's: one that comes with softq4j, or a file in Jinja2.")
    private Optional<String> template = Optional.empty();

    @Option(names = {"-m", "--message"}, paramLabel = "TEXT", description = "Say this instead of reading messages. Repeatable: one turn each.")
    private List<String> given = List.of();

    @Mixin
    private JsonResults results;

    @Spec
    private CommandSpec spec;

    private ChatCommand() {
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (Chat chat = Chat.open(model, options.configuration(), system, template)) {
            if (given.isEmpty()) {
                converse(chat, new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)), Terminal.asks(), out, err);
            } else {
                given.forEach(message -> answer(chat, message, out, err));
            }
            results.put("messages", chat.messages().stream().map(Message::fields).toList());
        }
        return 0;
    }

    /**
     * Answers line by line, until there are no more or {@code /exit}.
     *
     * @param inviting whether to show where to write
     */
    static void converse(Chat chat, BufferedReader lines, boolean inviting, PrintWriter out, PrintWriter err) {
        while (true) {
            if (inviting) {
                out.print("> ");
                out.flush();
            }
            String line = line(lines);
            if (line == null || line.strip().equals("/exit")) {
                return;
            }
            if (line.strip().equals("/reset")) {
                chat.reset();
            } else if (line.startsWith("/")) {
                err.println("softq: " + line.strip() + " is not a command of the chat; there are /reset and /exit");
            } else if (!line.isBlank()) {
                try {
                    answer(chat, line, out, err);
                } catch (UserError e) {    // the conversation goes on without this message
                    err.println("softq: error: " + e.getMessage());
                }
            }
        }
    }

    private static String line(BufferedReader lines) {
        try {
            return lines.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void answer(Chat chat, String message, PrintWriter out, PrintWriter err) {
        Completion answer;
        try (Interrupts stop = Interrupts.to(chat::stop)) {
            answer = chat.say(message, piece -> {
                out.print(piece);
                out.flush();
            });
        }
        out.println();
        chat.cut(answer).ifPresent(why -> err.println("softq: " + why));
    }
}

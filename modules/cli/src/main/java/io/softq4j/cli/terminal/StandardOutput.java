package io.softq4j.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;

/** Whether what a command printed has arrived: a {@link java.io.PrintStream} keeps to itself that it has not. */
public final class StandardOutput {

    private static final int MISTAKE = 2;
    /** What a shell says of a process that SIGPIPE ended: its reader had enough, as {@code head} has. */
    private static final int READER_GONE = 141;

    private StandardOutput() {
    }

    /** The exit code of a command that has printed all; where not all could be written, another than 0, and {@code err} hears why. */
    public static int codeAfter(int code, PrintWriter err) {
        if (!System.out.checkError()) {
            return code;
        }
        String why = why();
        if (why.contains("Broken pipe")) {
            return code == 0 ? READER_GONE : code;
        }
        err.println("softq: error: standard output could not be written whole: " + why + ". What was printed is not complete. Check the disk that it is "
                + "on, or write to a file with --out where the command has it, then run the command again.");
        err.flush();
        return code == 0 ? MISTAKE : code;
    }

    /** What the system says to a further line. */
    private static String why() {
        try {
            new FileOutputStream(FileDescriptor.out).write('\n');
            return "a write failed";
        } catch (IOException e) {
            return e.getMessage();
        }
    }
}

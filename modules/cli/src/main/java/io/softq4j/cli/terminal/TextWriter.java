package io.softq4j.cli.terminal;

import io.softq4j.generation.Completion;
import io.softq4j.generation.GenerationListener;
import java.io.PrintWriter;
import java.util.List;

/**
 * Continuations as text, behind their prompts. A single one is written as it grows; several each when it and those before it are done, with an empty
 * line around those of several lines.
 */
public final class TextWriter implements GenerationListener {

    private static final String CUT_OFF = " [cut off]";

    private final List<String> prompts;
    private final int perPrompt;
    private final PrintWriter out;
    private final String[] texts;
    private int next;
    private boolean begun;
    private boolean lines; // whether the text before the next has several lines

    /** @param perPrompt continuations of each prompt */
    public TextWriter(List<String> prompts, int perPrompt, PrintWriter out) {
        this.prompts = prompts;
        this.perPrompt = perPrompt;
        this.out = out;
        this.texts = new String[Math.multiplyExact(prompts.size(), perPrompt)];
    }

    /** Writes the prompt once decoding has begun: what is refused before leaves nothing on standard output. */
    private void begin() {
        if (isSingle() && !begun) {
            begun = true;
            write(prompts.get(0));
        }
    }

    private boolean isSingle() {
        return texts.length == 1;
    }

    private void write(String piece) {
        out.print(piece);
        out.flush();
    }

    @Override
    public void made(int tokens) {
        begin();    // after it the text shows how far it is
    }

    @Override
    public void grown(int prompt, int sequence, String piece) {
        begin();
        if (isSingle()) {
            write(piece);
        }
    }

    @Override
    public void finished(int prompt, int sequence, Completion completion) {
        begin();
        String end = completion.ended() ? "" : CUT_OFF;
        if (isSingle()) {
            write(end + System.lineSeparator());
            return;
        }
        texts[prompt * perPrompt + sequence] = prompts.get(prompt) + completion.text() + end;
        while (next < texts.length && texts[next] != null) {
            writeNext();
        }
    }

    /** Writes what waits for continuations that never came: a beam search may find fewer than were asked for. */
    public void end() {
        while (next < texts.length) {
            if (texts[next] == null) {
                next++;
            } else {
                writeNext();
            }
        }
    }

    private void writeNext() {
        boolean several = texts[next].contains("\n");
        if (next > 0 && (lines || several)) {
            out.println();
        }
        out.println(texts[next]);
        lines = several;
        texts[next] = null;
        next++;
    }
}

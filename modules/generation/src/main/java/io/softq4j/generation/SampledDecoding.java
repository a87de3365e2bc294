package io.softq4j.generation;

import io.softq4j.common.Streams;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** One continuation, token by token, sampled or greedy. */
final class SampledDecoding implements Decoding {

    private final Context context;
    private final int row;
    private final int prompt;
    private final int sequence;
    private final Continuation so;
    private final Transcript text;
    private final List<LogitsProcessor> processors;
    private final Sampler sampler;
    private final SplittableRandom random;
    private int[] forced = {};   // what the calculator writes
    private int written;         // of it
    private FinishReason reason; // null while it grows

    /** @param sequence number of the continuation among those of its prompt; decides what is drawn with the prompt's index and the seed */
    SampledDecoding(Context context, int row, int prompt, int[] ids, int sequence) {
        this.context = context;
        this.row = row;
        this.prompt = prompt;
        this.sequence = sequence;
        this.so = context.start(row, ids);
        this.text = context.transcript(so);
        this.processors = context.processors();
        this.sampler = context.config().sampler();
        this.random = Streams.of("sampling", context.config().seed(), prompt, sequence);
    }

    @Override
    public int[] rows() {
        return new int[] {row};
    }

    @Override
    public void feed() {
        context.session().feed(row, so.ids()[context.session().length(row)]);
    }

    @Override
    public void advance(Candidates candidates) {
        if (context.session().length(row) < so.length()) {
            return; // still reads the prompt
        }
        double entropy = context.entropy(row, prompt);
        context.session().logits(row, candidates.logits());
        int token;
        if (written < forced.length) {
            token = forced[written++];
        } else {
            context.apply(processors, candidates, so, prompt);
            token = sampler.next(candidates, random);
        }
        so.add(token, candidates.logits()[token] - context.session().logSumExp(row), entropy);
        if (context.eosIds().contains(token)) {
            reason = FinishReason.EOS;
        } else if (text.read(so.ids(), so.length())) {
            reason = FinishReason.STOP_STRING;
        } else if (so.isFull()) {
            reason = FinishReason.LENGTH;
        }
        if (reason != null) {
            end();
        } else if (context.config().calculator() && written == forced.length) {
            calculate();
        }
    }

    /** Has the result written next if an annotation was just opened. */
    private void calculate() {
        String before = text.toString();
        Calculator.continuation(before).ifPresent(result -> {
            forced = context.tokens().of(before, Arrays.copyOfRange(so.ids(), so.begun(), so.length()), result);
            written = 0;
        });
    }

    private void end() {
        if (text.end(so.ids(), so.length() - (reason == FinishReason.EOS ? 1 : 0)) && reason == FinishReason.LENGTH) {
            reason = FinishReason.STOP_STRING; // in text that was held back
        }
    }

    @Override
    public boolean hasRead() {
        return so.made() > 0;
    }

    @Override
    public void stop() {
        reason = FinishReason.STOPPED;
        end();
    }

    @Override
    public boolean isDone() {
        return reason != null;
    }

    @Override
    public void tell(GenerationListener listener, Completion[] done) {
        if (hasRead()) {
            listener.made(1);
        }
        String piece = text.more();
        if (!piece.isEmpty()) {
            listener.grown(prompt, sequence, piece);
        }
        if (isDone()) {
            done[sequence] = so.completion(reason, text.toString());
            listener.finished(prompt, sequence, done[sequence]);
        }
    }
}

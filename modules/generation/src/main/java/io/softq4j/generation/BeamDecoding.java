package io.softq4j.generation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Beam search for the most probable continuations of one prompt, as Hugging Face's {@code generate} does it.
 *
 * <p>Of B = {@code num_beams} hypotheses each step takes the best continuations by one token, by the sum of log-probabilities s. Of the
 * best B those that end (EOS, a stop string, the limit) are finished; the best B that do not end go on. A finished hypothesis of n new
 * tokens, EOS included, is scored s / n^a with a = {@code length_penalty}. That is not the s / ((5 + n) / 6)^a of Wu et al. 2016 (arXiv
 * 1609.08144, equation 14), whose weaker division tells short lengths apart less, and there is no coverage penalty; a = 0 is the plain sum
 * in both. The B best finished ones are kept.
 * The search ends when B are finished and, with {@code early_stopping}, at once; without, when the best that goes on, scored as if it ended
 * at its length of now, would be no better than the worst of them. (With a above 0 it might still become so: the rule is a heuristic.
 * {@code never} scores it as if it ended at the limit then.)
 *
 * <p>A repetition penalty works on log-probabilities here, all of which are negative. Ties: the hypothesis that is better so far, then the
 * lower id.
 */
final class BeamDecoding implements Decoding {

    /** A hypothesis that goes on. @param score sum of log-probabilities, after penalties */
    private record Beam(int row, Continuation so, Transcript text, double score) {
    }

    /** A hypothesis and a next token. @param logprob under the model's own distribution */
    private record Option(int beam, int token, double score, double logprob) {
    }

    private record Finished(Completion completion, double score) {
    }

    private static final Comparator<Option> BEST_FIRST =
            Comparator.comparingDouble(Option::score).reversed().thenComparingInt(Option::beam).thenComparingInt(Option::token);

    private final Context context;
    private final int[] rows;
    private final int prompt;
    private final List<LogitsProcessor> processors;
    private final int width;
    private List<Beam> beams;
    private final List<Finished> finished = new ArrayList<>(); // best first
    private boolean done;

    /** @param rows one for each beam */
    BeamDecoding(Context context, int[] rows, int prompt, int[] ids) {
        this.context = context;
        this.rows = rows;
        this.prompt = prompt;
        this.processors = context.processors();
        this.width = context.config().numBeams();
        Continuation so = context.start(rows[0], ids);
        for (int b = 1; b < width; b++) {
            context.session().start(rows[b], ids);
        }
        beams = List.of(new Beam(rows[0], so, context.transcript(so), 0));
    }

    @Override
    public int[] rows() {
        return rows;
    }

    @Override
    public void feed() {
        beams.forEach(beam -> context.session().feed(beam.row(), beam.so().ids()[context.session().length(beam.row())]));
    }

    @Override
    public void advance(Candidates candidates) {
        Beam first = beams.get(0);
        if (context.session().length(first.row()) < first.so().length()) {
            return; // still reads the prompt
        }
        List<Option> options = options(candidates);
        List<Option> chosen = new ArrayList<>();
        List<Beam> grown = new ArrayList<>(); // in the rows of their parents as yet
        for (int rank = 0; rank < options.size() && grown.size() < width; rank++) {
            Option option = options.get(rank);
            Beam beam = grow(beams.get(option.beam()), option);
            FinishReason reason = context.eosIds().contains(option.token()) ? FinishReason.EOS
                    : beam.text().read(beam.so().ids(), beam.so().length()) ? FinishReason.STOP_STRING
                    : beam.so().isFull() ? FinishReason.LENGTH : null;
            if (reason == null) {
                chosen.add(option);
                grown.add(beam);
            } else if (rank < width) {
                finish(beam, reason);
            }
        }
        done = grown.isEmpty() || finished.size() == width
                && (context.config().earlyStopping() == EarlyStopping.TRUE || hope(grown.get(0)) <= finished.get(width - 1).score());
        if (!done) {
            beams = settle(chosen, grown);
        }
    }

    /** The best continuations by one token, best first: enough that {@code width} do not end in EOS. */
    private List<Option> options(Candidates candidates) {
        int most = (1 + Math.max(1, context.eosIds().size())) * width;
        List<Option> options = new ArrayList<>();
        for (int b = 0; b < beams.size(); b++) {
            Beam beam = beams.get(b);
            context.session().logits(beam.row(), candidates.logits());
            candidates.normalise(context.session().logSumExp(beam.row()));
            context.apply(processors, candidates, beam.so(), prompt);
            new LogitsProcessor.TopK(most).apply(candidates, beam.so());
            for (int i = 0; i < candidates.count(); i++) {
                int token = candidates.id(i);
                if (candidates.score(i) == Float.NEGATIVE_INFINITY) {
                    continue;
                }
                options.add(new Option(b, token, beam.score() + candidates.score(i), candidates.logits()[token]));
            }
        }
        options.sort(BEST_FIRST);
        return options.size() > most ? options.subList(0, most) : options;
    }

    private Beam grow(Beam beam, Option option) {
        Continuation longer = beam.so().with(option.token(), option.logprob(), context.entropy(beam.row(), prompt));
        return new Beam(beam.row(), longer, beam.text().copy(), option.score());
    }

    private double penalised(Beam beam) {
        return beam.score() / StrictMath.pow(beam.so().made(), context.config().lengthPenalty());
    }

    /** The score that an open hypothesis is thought to reach: {@code never} gives it every length there is room for. */
    private double hope(Beam beam) {
        boolean longest = context.config().earlyStopping() == EarlyStopping.NEVER && context.config().lengthPenalty() > 0;
        return longest ? beam.score() / StrictMath.pow(beam.so().made() + beam.so().room(), context.config().lengthPenalty())
                : penalised(beam);
    }

    private void finish(Beam beam, FinishReason reason) {
        boolean stop = beam.text().end(beam.so().ids(), beam.so().length() - (reason == FinishReason.EOS ? 1 : 0));
        double score = penalised(beam);
        int at = finished.size();
        while (at > 0 && finished.get(at - 1).score() < score) {
            at--;
        }
        FinishReason why = stop && reason == FinishReason.LENGTH ? FinishReason.STOP_STRING : reason; // in text that was held back
        finished.add(at, new Finished(beam.so().completion(why, beam.text().toString()), score));
        if (finished.size() > width) {
            finished.remove(width);
        }
    }

    /** Gives each beam a row with its cache: the first child of a hypothesis has its row, others a copy where a hypothesis has no child. */
    private List<Beam> settle(List<Option> chosen, List<Beam> grown) {
        List<Integer> free = new ArrayList<>();
        for (int row : rows) {
            if (grown.stream().noneMatch(beam -> beam.row() == row)) {
                free.add(row);
            }
        }
        List<Beam> settled = new ArrayList<>();
        boolean[] taken = new boolean[beams.size()];
        for (int b = 0; b < grown.size(); b++) {
            Beam beam = grown.get(b);
            int row = beam.row();
            if (taken[chosen.get(b).beam()]) {
                row = free.remove(0);
                context.session().copy(beam.row(), row);
            }
            taken[chosen.get(b).beam()] = true;
            settled.add(new Beam(row, beam.so(), beam.text(), beam.score()));
        }
        return settled;
    }

    @Override
    public boolean hasRead() {
        return beams.get(0).so().made() > 0;
    }

    @Override
    public void stop() {
        beams.forEach(beam -> finish(beam, FinishReason.STOPPED));
        done = true;
    }

    @Override
    public boolean isDone() {
        return done;
    }

    @Override
    public void tell(GenerationListener listener, Completion[] completions) {
        for (int i = 0; done && i < Math.min(completions.length, finished.size()); i++) {
            completions[i] = finished.get(i).completion();
            listener.made(completions[i].tokens());
            if (!completions[i].text().isEmpty()) {
                listener.grown(prompt, i, completions[i].text());
            }
            listener.finished(prompt, i, completions[i]);
        }
    }
}

package io.softq4j.workflow;

import io.softq4j.evaluation.Evaluator;
import io.softq4j.evaluation.Item;
import io.softq4j.evaluation.Judgement;
import io.softq4j.evaluation.Metric;
import io.softq4j.evaluation.SamplerSettings;
import java.util.List;

/** Judges items and shows how far it is; the work can be ended between two metrics. */
final class Judging {

    private Judging() {
    }

    /** As {@link Evaluator#judge(List, List, SamplerSettings, long)}. */
    static Judgement judge(List<Metric> metrics, List<Item> items, SamplerSettings sampler, long seed, WorkListener progress) {
        try (WorkListener.Work work = progress.begin("judge", metrics.size(), "metrics")) {
            Judgement judgement = Evaluator.judge(metrics, items, sampler, seed, metric -> work.add(1));
            work.finish();
            return judgement;
        }
    }
}

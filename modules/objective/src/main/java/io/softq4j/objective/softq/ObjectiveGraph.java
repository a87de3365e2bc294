package io.softq4j.objective.softq;

import io.softq4j.graph.Gradients;
import io.softq4j.graph.Ops;
import io.softq4j.graph.kernel.SoftQHead;
import io.softq4j.model.ModelGraph;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The ops of the objective of {@link SoftQ} in a model's graph.
 *
 * @param evaluation V, q and H, without gradient
 * @param training   the same, computed on the way to the gradient
 * @param gradient   the terms of each parameter's gradient, one for each use of the parameter
 */
record ObjectiveGraph(Ops.SoftValue evaluation, Ops.SoftValue training, Map<String, List<SDVariable>> gradient) {

    /** Placeholders; all {@code [N]} but the scales, which are scalars. */
    static final String TARGETS = "targets";
    static final String NEXT_ROWS = "next_rows";
    static final String NLL_MASK = "nll_mask";
    static final String TD_MASK = "td_mask";
    static final String CONTINUES = "continues";
    static final String NLL_SCALE = "nll_scale";
    static final String TD_SCALE = "td_scale";

    /** Adds the objective to the model's graph: as one op with the output layer where that is possible, else in standard ops on the logits. */
    static ObjectiveGraph of(ModelGraph model, SoftQConfig config) {
        return model.output().isPresent() && model.ops().fusesHead() ? ofHead(model, model.output().get(), config) : ofLogits(model, config);
    }

    private static ObjectiveGraph ofHead(ModelGraph model, ModelGraph.Output output, SoftQConfig config) {
        SameDiff graph = model.graph();
        DataType type = model.type();
        SoftQHead.Settings settings = new SoftQHead.Settings(config.tau(), config.gamma(), config.stopGradient(), config.zLoss());
        SoftQHead.Targets targets = new SoftQHead.Targets(graph.placeHolder(TARGETS, DataType.INT, -1), graph.placeHolder(NLL_MASK, type, -1),
                graph.placeHolder(TD_MASK, type, -1), graph.placeHolder(CONTINUES, type, -1));
        SoftQHead values = new SoftQHead(graph, output.hidden(), output.table(), targets, settings);
        SoftQHead.Wanted wanted = new SoftQHead.Wanted(Gradients.depends(output.hidden(), model.parameters()),
                Gradients.depends(output.table(), model.parameters()));
        SoftQHead head = new SoftQHead(graph, output.hidden(), output.table(), targets,
                new SoftQHead.Scales(graph.placeHolder(NLL_SCALE, type), graph.placeHolder(TD_SCALE, type)), settings, wanted);
        Map<String, SDVariable> upstream = new LinkedHashMap<>();
        if (wanted.hidden()) {
            upstream.put(output.hidden().name(), head.hiddenGradient());
        }
        if (wanted.table()) {
            upstream.put(output.table().name(), head.tableGradient());
        }
        return new ObjectiveGraph(read(values), read(head), Gradients.terms(upstream, graph, model.parameters()));
    }

    private static Ops.SoftValue read(SoftQHead head) {
        return new Ops.SoftValue(head.value(), head.chosen(), head.entropy());
    }

    private static ObjectiveGraph ofLogits(ModelGraph model, SoftQConfig config) {
        SameDiff graph = model.graph();
        DataType type = model.type();
        Ops.SoftValue values = model.ops().softValues(model.logits(), graph.placeHolder(TARGETS, DataType.INT, -1), config.tau(),
                model.vocabulary(), type);
        SDVariable v = values.value(); // [N]
        SDVariable q = values.chosen(); // [N]
        SDVariable next = config.stopGradient() ? model.ops().stopGradient(v) : v;
        // one more element, a zero, for the rows that have no next row
        SDVariable extended = graph.concat(0, next, graph.constant(Nd4j.zeros(type, 1)));
        SDVariable vNext = model.ops().lookup(extended, graph.placeHolder(NEXT_ROWS, DataType.INT, -1));
        SDVariable delta = q.sub(vNext.mul(graph.placeHolder(CONTINUES, type, -1)).mul(config.gamma()));
        SDVariable mask = graph.placeHolder(NLL_MASK, type, -1);
        SDVariable nll = v.sub(q).mul(1 / config.tau()).mul(mask).sum();
        SDVariable td = delta.mul(delta).mul(graph.placeHolder(TD_MASK, type, -1)).sum();
        SDVariable likelihood = config.zLoss() == 0 ? nll : nll.add(v.mul(v).mul(mask).sum().mul(config.zLoss() / (config.tau() * config.tau())));
        SDVariable loss = likelihood.mul(graph.placeHolder(NLL_SCALE, type)).add(td.mul(graph.placeHolder(TD_SCALE, type)));
        return new ObjectiveGraph(values, values, Gradients.terms(loss, model.parameters()));
    }

    /** Names of V, q and H. */
    static List<String> names(Ops.SoftValue values) {
        return List.of(values.value().name(), values.chosen().name(), values.entropy().name());
    }

    /** The parameter that each term of a gradient belongs to, by the name of the term. */
    Map<String, String> parameterOfTerm() {
        Map<String, String> parameters = new LinkedHashMap<>();
        gradient.forEach((parameter, terms) -> {
            for (SDVariable term : terms) {
                if (parameters.putIfAbsent(term.name(), parameter) != null) {
                    throw new IllegalStateException(term.name() + " is the gradient of both " + parameters.get(term.name()) + " and " + parameter);
                }
            }
        });
        return parameters;
    }

    /** Names of the terms of one parameter's gradient. */
    List<String> terms(String parameter) {
        return new ArrayList<>(gradient.get(parameter).stream().map(SDVariable::name).toList());
    }
}

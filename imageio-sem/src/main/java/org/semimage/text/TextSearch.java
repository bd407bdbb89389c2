// SPDX-License-Identifier: Apache-2.0
package org.semimage.text;

import org.semimage.compute.Cancellation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;

/**
 * Finds texts that say much in few bits: of all texts of known words those whose words' merits, less the price of the bits that they take
 * under the prior, are greatest. A beam search (Lowerre, "The HARPY speech recognition system", 1976).
 *
 * <p>With a merit of log2 p(word | picture) / p(word) and a price of 1, the sum is the logarithm of the text's probability given the
 * picture, if words were independent (a product of experts: Hinton, 2002).
 */
public final class TextSearch {

    private static final double LOG2 = Math.log(2);

    /** What a word takes away that says again what was said. */
    private static final double REPEATED = -4;

    /** Each topic's merit times that of the one before: what is seen together is often one thing. */
    private static final double FURTHER = 0.85;

    /** Beams that say the same and end in the same word. */
    private static final int ALIKE = 2;

    private static final int NONE = -1;

    private final TextPrior prior;
    private final int width;
    private final int longest;
    private final double price;

    /**
     * What some words that mean the same gain.
     *
     * @param words without the space before them; those that the prior does not know are ignored
     * @param bits  what the first of them in a text gains
     */
    public record Topic(List<String> words, double bits) {
    }

    /**
     * A text that was found.
     *
     * @param text  the words
     * @param bits  what it takes under the prior, its end included
     * @param score merits less the price of its bits
     */
    public record Found(String text, double bits, double score) {
    }

    private record Beam(double score, double bits, List<Integer> words, Set<Integer> said, TextPrior.State state, int last) {
    }

    private record Step(Beam from, int word, double bits, double score) {
    }

    /**
     * A search.
     *
     * @param prior   of texts like those wanted
     * @param width   how many beginnings are followed
     * @param longest words of a text, at most
     * @param price   of a bit under the prior, in bits of merit
     */
    public TextSearch(TextPrior prior, int width, int longest, double price) {
        this.prior = prior;
        this.width = width;
        this.longest = longest;
        this.price = price;
    }

    /**
     * The best texts of at least one word, best first; never none.
     *
     * @param topics what may be said
     * @param count  of texts, at most
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    public List<Found> best(List<Topic> topics, int count, Cancellation cancellation) {
        int[] topic = topicByWord(topics);
        List<Found> found = new ArrayList<>();
        List<Beam> beams = List.of(new Beam(0, 0, List.of(), Set.of(), prior.start(), Vocabulary.END));
        for (int length = 0; length <= longest && !beams.isEmpty(); length++) {
            List<Step> steps = new ArrayList<>();
            for (Beam beam : beams) {
                cancellation.check();
                beam.state.next(beam.last);
                double[] bits = bits(beam.state);
                if (length > 0) {
                    found.add(new Found(text(beam.words), beam.bits + bits[Vocabulary.END], beam.score - price * bits[Vocabulary.END]));
                }
                if (length < longest) {
                    steps.addAll(steps(beam, bits, topic, topics));
                }
            }
            beams = survivors(steps, topic);
        }
        found.sort(Comparator.comparingDouble(Found::score).reversed());
        return List.copyOf(found.subList(0, Math.min(count, found.size())));
    }

    private int[] topicByWord(List<Topic> topics) {
        Vocabulary vocabulary = prior.vocabulary();
        int[] topic = new int[vocabulary.words().size()];
        Arrays.fill(topic, NONE);
        for (int i = 0; i < topics.size(); i++) {
            for (String word : topics.get(i).words()) {
                Integer id = vocabulary.ids().get(" " + word);
                if (id != null) {
                    topic[id] = i;
                }
            }
        }
        return topic;
    }

    /** Bits that each word would take next. */
    private double[] bits(TextPrior.State state) {
        double[] bits = new double[prior.vocabulary().words().size()];
        part(state, 0, TextPrior.HEAD, 0, bits);
        part(state, TextPrior.HEAD, TextPrior.MIDDLE, bits[Vocabulary.SPECIAL - 2], bits);
        part(state, TextPrior.MIDDLE, bits.length, bits[Vocabulary.SPECIAL - 1], bits);
        return bits;
    }

    private static void part(TextPrior.State state, int low, int high, double before, double[] bits) {
        int from = Math.min(low, bits.length);
        int to = Math.min(high, bits.length);
        int[] frequencies = state.frequencies(from, to);
        long sum = 0;
        for (int frequency : frequencies) {
            sum += frequency;
        }
        for (int i = 0; i < frequencies.length; i++) {
            bits[from + i] = before + (Math.log(sum) - Math.log(frequencies[i])) / LOG2;
        }
    }

    /** The best ways to go on. */
    private Collection<Step> steps(Beam beam, double[] bits, int[] topic, List<Topic> topics) {
        Queue<Step> best = new PriorityQueue<>(Comparator.comparingDouble(Step::score));
        for (int word = Vocabulary.SPECIAL; word < bits.length; word++) {
            double merit = topic[word] == NONE ? 0 : beam.said.contains(topic[word]) ? REPEATED : merit(topics.get(topic[word]), beam);
            double score = beam.score + merit - price * bits[word];
            if (best.size() == 2 * width && score > best.peek().score) {
                best.remove();
            }
            if (best.size() < 2 * width) {
                best.add(new Step(beam, word, bits[word], score));
            }
        }
        return best;
    }

    private static double merit(Topic topic, Beam beam) {
        return topic.bits() * (topic.bits() > 0 ? Math.pow(FURTHER, beam.said.size()) : 1);
    }

    private List<Beam> survivors(List<Step> steps, int[] topic) {
        steps.sort(Comparator.comparingDouble(Step::score).reversed());
        List<Beam> beams = new ArrayList<>();
        Map<List<Object>, Integer> alike = new HashMap<>();
        for (Step step : steps) {
            Set<Integer> said = step.from.said;
            if (topic[step.word] != NONE) {
                said = new HashSet<>(said);
                said.add(topic[step.word]);
            }
            if (alike.merge(List.of(said, step.word), 1, Integer::sum) <= ALIKE) {
                List<Integer> words = new ArrayList<>(step.from.words);
                words.add(step.word);
                beams.add(new Beam(step.score, step.from.bits + step.bits, words, said, step.from.state.copy(), step.word));
            }
            if (beams.size() == width) {
                break;
            }
        }
        return beams;
    }

    private String text(List<Integer> words) {
        StringBuilder text = new StringBuilder();
        for (int word : words) {
            text.append(prior.vocabulary().dressed(word, false, NONE));
        }
        return text.toString().strip();
    }
}

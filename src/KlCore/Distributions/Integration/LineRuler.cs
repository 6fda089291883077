using KlCore.Numerics;

namespace KlCore.Distributions.Integration;

/// <summary>
/// Measures the reals between two ends. From every landmark (an end, a kink, a centre of p or q) the line is walked in both directions in
/// the logarithm of the distance, x = landmark ± e^s, in which poles, narrow peaks and heavy tails alike are smooth and of moderate width;
/// stretches of s are measured by Gauss's 7 and Kronrod's 15 points.
/// </summary>
internal sealed class LineRuler : Ruler
{
    // ln of the least and the largest double, with a little room.
    private const double Least = -744;
    private const double Largest = 709.7;

    private static readonly double[] Graded = [0.5, 2, 5, 12, 40];

    private readonly List<Piece> _pieces = [];
    private readonly List<Stretch> _stretches = [];

    /// <summary>For the reals from <paramref name="lower"/> to <paramref name="upper"/>.</summary>
    /// <param name="lower">May be -Infinity.</param>
    /// <param name="upper">May be +Infinity.</param>
    /// <param name="landmarks">Ascending and distinct, at least one, within the ends; finite ends are among them.</param>
    /// <param name="marks">Where stretches begin and end at first; not necessarily within the ends.</param>
    public LineRuler(double lower, double upper, IReadOnlyList<double> landmarks, IReadOnlyList<double> marks)
    {
        if (double.IsInfinity(lower)) AddPiece(landmarks[0], -1, Largest, marks);
        for (var i = 1; i < landmarks.Count; i++)
        {
            var (a, b) = (landmarks[i - 1], landmarks[i]);
            var half = b / 2 - a / 2;
            // Between neighbouring doubles there is nothing to look at.
            if (!(half > 0)) continue;
            AddPiece(a, 1, Math.Log(half), marks);
            AddPiece(b, -1, Math.Log(half), marks);
        }

        if (double.IsInfinity(upper)) AddPiece(landmarks[^1], 1, Largest, marks);
    }

    public override IReadOnlyList<Stretch> Stretches => _stretches;

    public override Part Measure(Stretch stretch, Integrand integrand)
    {
        var piece = _pieces[stretch.Piece];
        var (centre, half) = (0.5 * (stretch.From + stretch.To), 0.5 * (stretch.To - stretch.From));
        var (kronrod, gauss, previous) = (default(Part), default(Part), double.NaN);
        for (var i = 0; i < GaussKronrod.PointCount; i++)
        {
            var (node, weight, gaussWeight) = GaussKronrod.Point(i);
            var s = centre + half * node;
            var x = piece.At(s);
            var spot = integrand(x, s);
            // x is a rounded number: what the integrand changes by in half a unit of its last place.
            var slope = double.IsNaN(previous) ? 0 : Math.Abs(spot.Value - previous) * Math.BitIncrement(Math.Abs(x)) * 1.2e-16 * Math.Exp(-s);
            previous = spot.Value;
            kronrod += new Part(weight * spot.Value, 0, weight * spot.Rounding + (double.IsFinite(slope) ? slope / half : 0), weight * spot.P, weight * spot.Q, 0, weight * Math.Abs(spot.Value));
            gauss += new Part(gaussWeight * spot.Value, 0, 0, gaussWeight * spot.P, gaussWeight * spot.Q, 0, 0);
        }

        return new Part(
            half * kronrod.Value,
            half * Math.Abs(kronrod.Value - gauss.Value),
            half * kronrod.Rounding,
            half * kronrod.P,
            half * kronrod.Q,
            half * (Math.Abs(kronrod.P - gauss.P) + Math.Abs(kronrod.Q - gauss.Q)),
            half * kronrod.Size);
    }

    public override IReadOnlyList<Stretch> Split(Stretch stretch)
    {
        var middle = 0.5 * (stretch.From + stretch.To);
        if (stretch.To - stretch.From < 1e-9 * Math.Max(1, Math.Abs(middle))) return [];
        return [stretch with { To = middle }, stretch with { From = middle }];
    }

    public override Part Remainder(Integrand integrand)
    {
        var sum = default(Part);
        foreach (var piece in _pieces)
        {
            sum += Beyond(piece, integrand, piece.From, 3);
            if (piece.To == Largest) sum += Beyond(piece, integrand, piece.To, -3);
        }

        return sum;
    }

    public override IEnumerable<(double At, double X, double LogWeight)> Points(Stretch stretch)
    {
        var (centre, half) = (0.5 * (stretch.From + stretch.To), 0.5 * (stretch.To - stretch.From));
        for (var i = 0; i < GaussKronrod.PointCount; i++)
        {
            var s = centre + half * GaussKronrod.Point(i).Node;
            yield return (s, _pieces[stretch.Piece].At(s), s);
        }
    }

    public override (double X, double LogWeight) Place(int piece, double at) => (_pieces[piece].At(at), at);

    // Beyond the end an integrand goes on to fall as it did in the last units of s: like e^(-rate |s|).
    private static Part Beyond(Piece piece, Integrand integrand, double end, double step)
    {
        var (last, before) = (integrand(piece.At(end), end), integrand(piece.At(end + step), end + step));
        var (value, p, q) = (Tail(last.Value, before.Value), Tail(last.P, before.P), Tail(last.Q, before.Q));
        return new Part(value, Math.Abs(value), 0, p, q, 0, Math.Abs(value));

        double Tail(double at, double inside)
        {
            if (at == 0) return 0;
            var rate = Math.Log(Math.Abs(inside / at)) / Math.Abs(step);
            return rate > 1e-4 ? at / rate : at * 1e4;
        }
    }

    private void AddPiece(double landmark, int sign, double to, IReadOnlyList<double> marks)
    {
        // Nearer to the landmark than this x is the landmark.
        var from = landmark == 0 ? Least : Math.Log(Math.BitIncrement(Math.Abs(landmark)) - Math.Abs(landmark)) + 1;
        if (!(from < to)) return;
        var piece = new Piece(landmark, sign, from, to);
        var ends = marks.Select(mark => Math.Log(sign * (mark - landmark))).Concat(Graded.Select(step => to - step)).Where(s => s > from && s < to).Append(from).Append(to).Order().ToList();
        _pieces.Add(piece);
        for (var i = 1; i < ends.Count; i++)
        {
            // A stretch that is hardly there is left to its neighbour.
            if (ends[i] - ends[i - 1] < 0.02 && i < ends.Count - 1) ends.RemoveAt(i--);
            else _stretches.Add(new Stretch(_pieces.Count - 1, ends[i - 1], ends[i]));
        }
    }

    private readonly record struct Piece(double Landmark, int Sign, double From, double To)
    {
        public double At(double s)
        {
            var x = Landmark + Sign * Math.Exp(s);
            if (x != Landmark) return x;
            return Sign > 0 ? Math.BitIncrement(x) : Math.BitDecrement(x);
        }
    }
}

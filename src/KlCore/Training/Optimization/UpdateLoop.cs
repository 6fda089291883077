using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using KlCore.Numerics;

namespace KlCore.Training.Optimization;

/// <summary>The formula of an optimizer for one parameter, or for as many as there are lanes.</summary>
internal interface IUpdateRule
{
    /// <summary>How many numbers are remembered for a parameter: 0, 1 or 2.</summary>
    static abstract int Slots { get; }

    /// <summary>One step; what is remembered beyond <see cref="Slots"/> is neither read nor kept.</summary>
    void Update<T>(ref T parameter, T gradient, ref T first, ref T second) where T : struct, IReal<T>;
}

/// <summary>
/// Rules along all parameters, in one pass over the memory. Products and sums are rounded one by one, so the bits are the same with any number of lanes.
/// </summary>
internal static unsafe class UpdateLoop
{
    /// <summary>One step for every parameter.</summary>
    public static void Run<T, TRule>(TRule rule, ReadOnlySpan<T> gradient, Span<T> parameters, OptimizerState<T> state)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TRule : struct, IUpdateRule
    {
        Span<T> first = TRule.Slots > 0 ? state.Slots[0] : default, second = TRule.Slots > 1 ? state.Slots[1] : default;
        if (typeof(T) == typeof(float)) Run(rule, Singles(gradient), Singles<T>(parameters), Singles<T>(first), Singles<T>(second));
        else
            for (var i = 0; i < parameters.Length; i++)
            {
                Real<T> parameter = new(parameters[i]), one = TRule.Slots > 0 ? new(first[i]) : default, two = TRule.Slots > 1 ? new(second[i]) : default;
                rule.Update(ref parameter, new Real<T>(gradient[i]), ref one, ref two);
                parameters[i] = parameter.Value;
                if (TRule.Slots > 0) first[i] = one.Value;
                if (TRule.Slots > 1) second[i] = two.Value;
            }
    }

    private static void Run<TRule>(TRule rule, ReadOnlySpan<float> gradient, Span<float> parameters, Span<float> first, Span<float> second)
        where TRule : struct, IUpdateRule
    {
        if (FloatLanes512.IsSupported) Run<FloatLanes512, TRule>(rule, gradient, parameters, first, second);
        else if (FloatLanes256.IsSupported) Run<FloatLanes256, TRule>(rule, gradient, parameters, first, second);
        else Run<FloatLanes32, TRule>(rule, gradient, parameters, first, second);
    }

    /// <summary>One step with lanes of the caller's choice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run<TLanes, TRule>(TRule rule, ReadOnlySpan<float> gradient, Span<float> parameters, Span<float> first, Span<float> second)
        where TLanes : struct, IFloatLanes<TLanes>
        where TRule : struct, IUpdateRule
    {
        var count = parameters.Length;
        if (gradient.Length != count || (TRule.Slots > 0 && first.Length != count) || (TRule.Slots > 1 && second.Length != count))
            throw new ArgumentException($"must have {count} numbers each", nameof(gradient));
        fixed (float* g = gradient, p = parameters, one = first, two = second)
        {
            var i = 0;
            for (; i + TLanes.Count <= count; i += TLanes.Count)
            {
                TLanes parameter = TLanes.Load(p + i), a = TRule.Slots > 0 ? TLanes.Load(one + i) : default, b = TRule.Slots > 1 ? TLanes.Load(two + i) : default;
                rule.Update(ref parameter, TLanes.Load(g + i), ref a, ref b);
                parameter.Store(p + i);
                if (TRule.Slots > 0) a.Store(one + i);
                if (TRule.Slots > 1) b.Store(two + i);
            }

            if (i == count) return;
            var rest = count - i;
            TLanes last = TLanes.LoadFirst(p + i, rest), c = TRule.Slots > 0 ? TLanes.LoadFirst(one + i, rest) : default, d = TRule.Slots > 1 ? TLanes.LoadFirst(two + i, rest) : default;
            rule.Update(ref last, TLanes.LoadFirst(g + i, rest), ref c, ref d);
            last.StoreFirst(p + i, rest);
            if (TRule.Slots > 0) c.StoreFirst(one + i, rest);
            if (TRule.Slots > 1) d.StoreFirst(two + i, rest);
        }
    }

    private static ReadOnlySpan<float> Singles<T>(ReadOnlySpan<T> span) where T : unmanaged => MemoryMarshal.Cast<T, float>(span);

    private static Span<float> Singles<T>(Span<T> span) where T : unmanaged => MemoryMarshal.Cast<T, float>(span);
}

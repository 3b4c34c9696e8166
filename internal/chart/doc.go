// Package chart draws the plots of the command, as wide as a column of a paper: 8 cm, with text of
// 6 points or more.
//
// A [Chart] is a plot of gonum with the looks of the house: a pale grid, letters of one
// size, a legend below the axes, and lines that differ in shape, dashes and colour, so that they can be
// told apart in grey, too. Lines are added by [Chart.Line], and those of a theorem, dashed, by
// [Chart.Theory]. The first error waits until [Write]. Axes are plain ([New]) or for some n ([Panel]);
// [Even], [Decades], [Whole] and [Every] mark numbers on them. [WriteGrowth] is the plot of depth above
// size that papers about circuits want.
//
// A chart becomes SVG, PNG with the dots that print asks for, PDF, pgfplots for LaTeX, or CSV with
// its points. The fonts of a PDF know the signs of Windows-1252 only; others are drawn by their
// outlines, so that they look right but cannot be searched for.
package chart

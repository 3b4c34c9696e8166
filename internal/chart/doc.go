// Package chart draws the plots of the command, as wide as a column of a paper.
//
// A [Chart] is a plot of gonum with the looks of the house: a pale grid, letters of one
// size, and lines that differ in shape, dashes and colour, so that they can be told apart
// in grey, too. Lines are added by [Chart.Line], and the first error waits until
// [Chart.Write]. Axes are plain ([Narrow]) or for some n ([Panel]); [PowersOfTen],
// [OneTwoFive], [Tenths], [Whole] and [Every] mark numbers on them. [Growth] is the plot
// of depth above size that papers about circuits want.
//
// A chart becomes SVG, PNG with the dots that print asks for, or PDF. The fonts of a PDF
// know the signs of Windows-1252 only; others are spelled out.
package chart

(* Weights that a formula makes from their indices, the same for every n: hashes in 64-bit words.
   Networks of every size have them in place of trained weights. *)
From Coq Require Import List NArith ZArith String Strings.Byte.
From TC0 Require Import Circuit Integers Index Program.
Import ListNotations.
Open Scope Z_scope.

(* The 64 low bits of a number. *)
Definition word (x : N) : N := N.land x 0xFFFFFFFFFFFFFFFF.

(* The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). *)
Definition scramble (x : N) : N :=
  (let x := word (x + 0x9E3779B97F4A7C15) in
   let x := word (N.lxor x (N.shiftr x 30) * 0xBF58476D1CE4E5B9) in
   let x := word (N.lxor x (N.shiftr x 27) * 0x94D049BB133111EB) in
   N.lxor x (N.shiftr x 31))%N.

(* A seed of its own for the matrix of a name. *)
Definition tagged (seed : N) (name : string) : N :=
  fold_left (fun s b => scramble (N.lxor s (Byte.to_N b))) (list_byte_of_string name) seed.

(* Entry i, j of a matrix: 1 to top, or -top to -1. *)
Definition generic (top seed : N) (i j : nat) : Z :=
  let h := scramble (N.lxor (scramble (N.lxor seed (N.of_nat i))) (N.shiftl (N.of_nat j) 32)) in
  let w := Z.of_N (N.modulo (N.shiftr h 1) top) + 1 in
  if N.odd h then - w else w.

(* The entries of the matrix of a name, by index. *)
Definition hashed (top seed : N) (name : string) : idx -> Z :=
  let own := tagged seed name in fun v => generic top own (nth 0 v 0%nat) (nth 1 v 0%nat).

(* The sum of a row, and that of its absolute values. *)
Definition row_sum (W : nat -> nat -> Z) (columns o : nat) : Z := bigsum columns (W o).
Definition row_size (W : nat -> nat -> Z) (columns o : nat) : Z :=
  bigsum columns (fun k => Z.abs (W o k)).

(* The unit that the sums of a layer are rounded to: half of the least size of a row. *)
Definition layer_unit (W : nat -> nat -> Z) (rows columns : nat) : Z :=
  match map (fun o => Z.max 1 (row_size W columns o / 2)) (seq 0 rows) with
  | [] => 1
  | u :: r => fold_right Z.min u r
  end.

(* A bias that brings the middle of the sums of a row near the middle of the m levels of the output,
   where m is twice the half. It begins with a number of its own. *)
Definition layer_bias (W : nat -> nat -> Z) (half unit own : Z) (columns o : nat) : Z :=
  own - row_sum W columns o * half + unit * half.

(* Division by a unit, rounded to the nearest, halves up, and clipped to 0 .. m: a staircase. *)
Definition rounding (unit : nat -> Z) (m : nat) : list (coef * Z) :=
  map (fun y => (CF (fun n _ => Z.of_nat y * unit n - unit n / 2), 1)) (seq 1 m).

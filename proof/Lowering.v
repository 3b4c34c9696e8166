(* How a program becomes a circuit: every element of a value is a sum of literals, and an
   operation adds the gates that its sums need. *)
From Coq Require Import List ZArith Bool Arith.
From TC0 Require Import Circuit Integers Gates Arith Index Program Analysis.
Import ListNotations.
Open Scope Z_scope.

(* ---- values ---- *)

(* A lowered value. *)
Record val := mkVal {
  v_sh : list nat;              (* the lengths of its axes *)
  v_low : idx -> sum;           (* an element, as a sum of literals *)
  v_sup : idx -> list lit }.    (* the literals that may occur in an element, at its index with 0
                                   on the axes that do not matter *)

(* The value that is read where there is none. *)
Definition vnone := mkVal [] (fun _ => szero) (fun _ => []).

(* The value whose element i is base and the weighted literals ts i. *)
Definition vthr (ds : list nat) (base : Z) (ts : idx -> list (Z * lit)) : val :=
  mkVal ds (table szero ds (fun i => (base, ts i))) (table [] ds (fun i => map snd (ts i))).

(* Its gates. *)
Definition gthr (ds : list nat) (ts : idx -> list (Z * lit)) : list tree :=
  flat_map (fun i => map (fun w => snd (snd w)) (ts i)) (box ds).

(* An input whose first bit is o: its elements are sums of their bits. *)
Definition low0 (a : input) (n o : nat) : val :=
  let ts i := map (fun b => (in_place a b, (false, TIn (wire a n o i b)))) (seq 0 (in_bits a)) in
  vthr (dims n (in_shape a)) (in_base a) ts.

(* Inputs whose first bit is o. *)
Fixpoint lows0 (ins : list input) (n o : nat) : list val :=
  match ins with [] => [] | a :: r => low0 a n o :: lows0 r n (o + nbits a n) end.

(* ---- the gates of an element ---- *)

(* The thresholds of a staircase. *)
Definition steps (n : nat) (js : list (coef * Z)) (v : val) (i : idx) : list (Z * lit) :=
  map (fun j => (snd j, thr (v_low v i) (fst j))) (jumpsat js n i).

(* The thresholds of a quotient: [a - q * b >= 0] for each level q above the lowest. *)
Definition quots (lo : Z) (m : nat) (fd : list ix) (u v : val) (i : idx) : list (Z * lit) :=
  map (fun k => (1, thr (sadd (v_low u i)
    (sscale (- (lo + 1 + Z.of_nat k)) (v_low v (imap fd i)))) 0)) (seq 0 m).

(* The comparison [a - a[f] >= t]. *)
Definition comp (n : nat) (f : list ix) (v : val) (i : idx) (t : Z) (e : idx) : lit :=
  thr (sadd (v_low v i) (sscale (-1) (v_low v (imap f (i ++ e))))) t.

(* The thresholds of a - the greatest a[f]: conjunctions of comparisons over all a[f]. *)
Definition maxs (n : nat) (js : list (coef * Z)) (es : list idx) (f : list ix) (v : val)
    (i : idx) : list (Z * lit) :=
  map (fun j => (snd j, (false, TAnd (map (comp n f v i (fst j)) es)))) (jumpsat js n i).

(* All comparisons that they read. *)
Definition comps (n : nat) (js : list (coef * Z)) (es : list idx) (f : list ix) (v : val)
    (ds : list nat) : list tree :=
  flat_map (fun i =>
    flat_map (fun j => map (fun e => snd (comp n f v i (fst j) e)) es) (jumpsat js n i)) (box ds).

(* The literals that may occur in v[f]. *)
Definition supf (s : st) (v : val) (f : list ix) (i : idx) : list lit :=
  v_sup v (nrm (s_mask s) (imap f i)).

(* The conjunctions that may occur in the product of u[fa] and v[fb]. *)
Definition conjs (s t : st) (u v : val) (fa fb : list ix) (i : idx) : list lit :=
  pairs (conj (cmode s t)) (supf s u fa i) (supf t v fb i).

(* ---- one operation ---- *)

(* The value of an operation. *)
Definition low1 (n : nat) (senv : list st) (env : list val) (o : op) : val :=
  let gs k := nth k senv snone in
  let gv k := nth k env vnone in
  match o with
  | OSum osh ssh w c f a =>
    let ds := dims n osh in
    mkVal ds
      (table szero ds (fun i => sadd (sconst (cval c n i))
        (ssum (map (fun e => sscale (cval w n (i ++ e)) (v_low (gv a) (imap f (i ++ e))))
          (box (dims n ssh))))))
      (fun i => flat_map (fun e => supf (gs a) (gv a) f (i ++ e)) (box (dims n ssh)))
  | OAdd a b =>
    let ds := v_sh (gv a) in
    mkVal ds
      (table szero ds (fun i => sadd (v_low (gv a) i) (v_low (gv b) i)))
      (fun i => v_sup (gv a) (nrm (s_mask (gs a)) i) ++ v_sup (gv b) (nrm (s_mask (gs b)) i))
  | OStep base js a => vthr (v_sh (gv a)) base (steps n js (gv a))
  | OCon osh ssh fa fb a b =>
    let ds := dims n osh in
    mkVal ds
      (table szero ds (fun i =>
        ssum (map (fun e => smul (cmode (gs a) (gs b))
            (v_low (gv a) (imap fa (i ++ e))) (v_low (gv b) (imap fb (i ++ e))))
          (box (dims n ssh)))))
      (table [] ds (fun i =>
        flat_map (fun e => supf (gs a) (gv a) fa (i ++ e) ++ supf (gs b) (gv b) fb (i ++ e) ++
            conjs (gs a) (gs b) (gv a) (gv b) fa fb (i ++ e))
          (box (dims n ssh))))
  | OQuo lo m fd a b => vthr (v_sh (gv a)) lo (quots lo m fd (gv a) (gv b))
  | OMax base js ssh f a => vthr (v_sh (gv a)) base (maxs n js (box (dims n ssh)) f (gv a))
  end.

(* The gates that an operation adds. A product is made once for each index of the axes that
   its literals depend on. *)
Definition gates1 (n : nat) (senv : list st) (env : list val) (o : op) : list tree :=
  let gs k := nth k senv snone in
  let gv k := nth k env vnone in
  match o with
  | OSum _ _ _ _ _ _ | OAdd _ _ => []
  | OStep _ js a => gthr (v_sh (gv a)) (steps n js (gv a))
  | OCon osh ssh fa fb a b =>
    flat_map (fun i => map snd (conjs (gs a) (gs b) (gv a) (gv b) fa fb i))
      (box (dimk 1%nat (rel2 (gs a) (gs b) fa fb) 0 (dims n osh ++ dims n ssh)))
  | OQuo lo m fd a b => gthr (v_sh (gv a)) (quots lo m fd (gv a) (gv b))
  | OMax base js ssh f a =>
    let es := box (dims n ssh) in
    comps n js es f (gv a) (v_sh (gv a)) ++ gthr (v_sh (gv a)) (maxs n js es f (gv a))
  end.

(* ---- programs ---- *)

(* The values and gates after the operations, from those before them. *)
Fixpoint lowers (n : nat) (ops : list op) (senv : list st) (env : list val) (G : list tree) :
    list val * list tree :=
  match ops with
  | [] => (env, G)
  | o :: r =>
    lowers n r (senv ++ [ana1 senv o]) (env ++ [low1 n senv env o]) (G ++ gates1 n senv env o)
  end.

(* The number of input bits. *)
Definition ninputs (p : prog) (n : nat) : nat := list_sum (map (fun a => nbits a n) (p_ins p)).

(* All values and gates of a program. *)
Definition lowered (p : prog) (n : nat) :=
  lowers n (p_ops p) (map st0 (p_ins p)) (lows0 (p_ins p) n 0) [].

(* The output numbers. *)
Definition outputs (p : prog) (n : nat) : list sum :=
  flat_map (fun k =>
    let v := nth k (fst (lowered p n)) vnone in map (v_low v) (box (v_sh v))) (p_outs p).

(* The circuit of the program for size n. *)
Definition compile (p : prog) (n : nat) : circuit :=
  circuit_of (ninputs p n) (snd (lowered p n)) (outputs p n).

(* Classical problems in TC0, each with circuits for every n that are given as a function of n:
   majority, every symmetric function of n bits, of which parity is one, and remainders of the
   number of ones. The statements need Circuit.v and `ones` alone. Addition.v and Sums.v also use
   the layers that come first here. *)
From Coq Require Import List ZArith Bool Arith Lia.
From TC0 Require Import Circuit Integers Lists Gates Arith.
Import ListNotations.
Open Scope Z_scope.

(* ---- weights ---- *)

(* The weights of a gate. *)
Definition weights (g : fgate) : list Z :=
  match g with FAnd _ | FOr _ => [] | FThr ws _ => map fst ws end.

(* Whether each weight of each gate of a circuit is as P says. *)
Definition all_weights (P : Z -> Prop) (c : circuit) : Prop :=
  Forall (fun g => Forall P (weights g)) (gates c).

(* The weights of a tree. *)
Definition tweights (t : tree) : list Z :=
  match t with TThr ws _ => map fst ws | _ => [] end.

(* A gate has the weights of its tree. *)
Lemma weights_number1 G t : weights (number1 G t) = tweights t.
Proof. destruct t; simpl; rewrite ?map_map; reflexivity. Qed.

(* ---- layers ---- *)

(* Gates in d layers: each reads inputs and the layers before. *)
Inductive layered (ni : nat) : nat -> list tree -> Prop :=
| no_layer : layered ni 0 []
| next_layer d G gs : layered ni d G -> (forall g, In g gs -> fits ni G g) ->
    layered ni (S d) (G ++ gs).

(* One layer. *)
Lemma one_layer ni gs : (forall g, In g gs -> fits ni [] g) -> layered ni 1 gs.
Proof. intro F. apply (next_layer ni 0 [] gs (no_layer ni) F). Qed.

(* Layers are in topological order, and no level is above their number. *)
Lemma layered_topo ni d G : layered ni d G -> topo ni G /\ forall g, In g G -> (tlev g <= d)%nat.
Proof.
  induction 1 as [| d G gs L [T B] F]; [split; [apply topo_nil | easy] |].
  split; [apply topo_app; auto |]. intros g I. apply in_app_or in I.
  destruct I as [I | I]; [specialize (B g I); lia |]. destruct (F g I) as [Y K].
  rewrite tlev_kids by auto. apply le_n_S, list_max_le, Forall_map, Forall_forall.
  intros c C. specialize (K c C).
  destruct c; simpl in K; [simpl; lia | apply B, K | apply B, K | apply B, K].
Qed.

(* No element of a list is above its maximum. *)
Lemma list_max_ge a l : In a l -> (a <= list_max l)%nat.
Proof. apply (proj1 (Forall_forall _ l) (proj1 (list_max_le l _) (le_n _))). Qed.

(* A gate is on a higher level than what it reads. *)
Lemma tlev_above g c : isgate g -> In c (kids g) -> (S (tlev c) <= tlev g)%nat.
Proof.
  intros Y C. rewrite (tlev_kids g) by auto. apply le_n_S.
  apply list_max_ge, in_map, C.
Qed.

(* A bit as an output number. *)
Definition bit (t : tree) : sum := (0, [(1, (false, t))]).

(* The flat circuit of gates G whose output bits are the gates ts. *)
Definition bits_of (ni : nat) (G ts : list tree) : circuit := circuit_of ni G (map bit ts).

(* The flat circuit of layers: its size, depth, wires, weights and values are those of its trees. *)
Theorem layers_ok ni d G ts : layered ni d G -> (forall t, In t ts -> In t G) ->
  let c := bits_of ni G ts in
  wf c /\ ((depth c <= d)%nat /\ forall g, In g G -> (tlev g <= depth c)%nat) /\
  size c = length G /\ wires c = list_sum (map (fun g => length (kids g)) G) /\
  (forall P, (forall g, In g G -> Forall P (tweights g)) -> all_weights P c) /\
  forall x, eval c x = map (fun t => Z.b2z (teval x t)) ts.
Proof.
  intros L O c. destruct (layered_topo _ _ _ L) as [T B].
  assert (A : forall s l, In s (map bit ts) -> In l (lits s) -> good ni G (snd l)).
  { intros s l S I. apply in_map_iff in S. destruct S as (t & <- & S). destruct I as [<- | []].
    apply O in S. destruct t as [i | | |]; try exact S.
    destruct (in_split _ _ S) as (pre & post & E). destruct (T _ _ _ E) as [[] _]. }
  destruct (circuit_of_ok ni G (map bit ts) T A) as (W & Z & D & V).
  fold (bits_of ni G ts) in W, Z, D, V. fold c in W, Z, D, V.
  split; [exact W |]. split; [| split; [exact Z |]; split; [| split]].
  - rewrite D. split; [apply list_max_le, Forall_map, Forall_forall; exact B |].
    intros g I. apply list_max_ge, in_map, I.
  - unfold wires. simpl. unfold number. rewrite map_map. f_equal. apply map_ext. intro g.
    rewrite gargs_number1. apply map_length.
  - intros P H. apply Forall_map, Forall_forall. intros g I. rewrite weights_number1. auto.
  - intro x. rewrite V, map_map. apply map_ext. intro t. unfold seval, leval, bit.
    cbn [fst snd wsum]. rewrite xorb_false_l. lia.
Qed.

(* The value of a threshold gate. *)
Lemma teval_thr x ws t : teval x (TThr ws t) = (t <=? wsum (leval x) ws).
Proof. reflexivity. Qed.

(* The value of a literal that is not complemented. *)
Lemma leval_pos x t : leval x (false, t) = teval x t.
Proof. apply xorb_false_l. Qed.

(* A weighted sum over indices is a sum of integers. *)
Lemma wsum_seq x m (w : nat -> Z) (l : nat -> lit) :
  wsum (leval x) (map (fun k => (w k, l k)) (seq 0 m)) =
    bigsum m (fun k => w k * Z.b2z (leval x (l k))).
Proof. rewrite wsum_map. reflexivity. Qed.

(* ---- counting ones ---- *)

(* The number of ones among the first n inputs. *)
Definition ones (n : nat) (x : nat -> bool) : nat := length (filter x (seq 0 n)).

(* There are at most n. *)
Lemma ones_le n x : (ones n x <= n)%nat.
Proof.
  unfold ones. rewrite <- (seq_length n 0) at 2. generalize (seq 0 n) as l.
  induction l as [| i l IH]; simpl; [lia |]. destruct (x i); simpl; lia.
Qed.

(* The inputs, each with weight 1. *)
Definition units (n : nat) : list (Z * lit) := map (fun i => (1, (false, TIn i))) (seq 0 n).

(* Their sum is the number of ones. *)
Lemma wsum_units n x : wsum (leval x) (units n) = Z.of_nat (ones n x).
Proof.
  unfold units, ones. induction (seq 0 n) as [| i l IH]; [reflexivity |].
  cbn [map wsum filter]. rewrite IH, leval_pos. simpl teval.
  destruct (x i); cbn [Z.b2z length]; lia.
Qed.

(* The gate [at least t of n inputs are 1]. *)
Definition at_least (n t : nat) : tree := TThr (units n) (Z.of_nat t).

(* Its value. *)
Lemma teval_at_least x n t : teval x (at_least n t) = (t <=? ones n x)%nat.
Proof.
  unfold at_least. rewrite teval_thr, wsum_units. apply eq_true_iff_eq.
  rewrite Z.leb_le, Nat.leb_le. lia.
Qed.

(* It reads n inputs. *)
Lemma kids_at_least n t : kids (at_least n t) = map TIn (seq 0 n).
Proof. simpl. unfold units. rewrite map_map. reflexivity. Qed.

(* The wires of m such gates. *)
Lemma wires_at_least n (t : nat -> nat) m :
  list_sum (map (fun g => length (kids g)) (map (fun k => at_least n (t k)) (seq 0 m))) =
    (m * n)%nat.
Proof.
  rewrite <- (seq_length m 0) at 2. induction (seq 0 m) as [| k l IH]; [reflexivity |].
  cbn [map list_sum fold_right length]. unfold list_sum in IH.
  rewrite kids_at_least, map_length, seq_length, IH. reflexivity.
Qed.

(* It may stand in the first layer. *)
Lemma fits_at_least n t : fits n [] (at_least n t).
Proof.
  split; [exact I |]. rewrite kids_at_least. intros c C. apply in_map_iff in C.
  destruct C as (i & <- & C). apply in_seq in C. simpl. lia.
Qed.

(* Its weights are 1. *)
Lemma weights_at_least n t : Forall (eq 1) (tweights (at_least n t)).
Proof. simpl. unfold units. rewrite map_map. apply Forall_map, Forall_forall. reflexivity. Qed.

(* ---- majority ---- *)

(* One gate. As in tc0's problem `majority`, more than half of the inputs must be 1. *)
Definition majority (n : nat) : circuit :=
  bits_of n [at_least n (n / 2 + 1)] [at_least n (n / 2 + 1)].

(* Majority of n bits takes one gate, on one level, with n wires and no weights. *)
Theorem majority_ok n : let c := majority n in
  wf c /\ depth c = 1%nat /\ size c = 1%nat /\ wires c = n /\ all_weights (eq 1) c /\
  forall x, eval c x = [Z.b2z (n <? 2 * ones n x)%nat].
Proof.
  destruct (layers_ok n 1 [at_least n (n / 2 + 1)] [at_least n (n / 2 + 1)])
    as (W & [D L] & S & R & A & V); [| easy |].
  { apply one_layer. intros g [<- | []]. apply fits_at_least. }
  fold (majority n) in W, D, L, S, R, A, V.
  split; [exact W |]. split; [| split; [exact S |]; split; [| split]].
  - apply Nat.le_antisymm; [exact D |]. eapply Nat.le_trans; [| apply L; now left].
    simpl. lia.
  - rewrite R. cbn [map list_sum fold_right]. rewrite kids_at_least, map_length, seq_length.
    apply Nat.add_0_r.
  - apply A. intros g [<- | []]. apply weights_at_least.
  - intro x. rewrite V. cbn [map]. rewrite teval_at_least. do 2 f_equal. apply eq_true_iff_eq.
    rewrite Nat.leb_le, Nat.ltb_lt.
    pose proof (Nat.div_mod n 2 ltac:(lia)). pose proof (Nat.mod_upper_bound n 2 ltac:(lia)). lia.
Qed.
Print Assumptions majority_ok.

(* Majority is in TC0, on one level. *)
Theorem majority_TC0 : TC0_family 1 majority.
Proof.
  exists [1%nat]. intros n _. destruct (majority_ok n) as (W & D & S & _).
  rewrite D, S. simpl. auto with arith.
Qed.
Print Assumptions majority_TC0.

(* ---- symmetric functions ---- *)

(* How f changes from k to k + 1. *)
Definition jump (f : nat -> bool) (k : nat) : Z := Z.b2z (f (S k)) - Z.b2z (f k).

(* The changes up to c add up. *)
Lemma jumps f n c (r : nat -> bool) : (forall k, (k < n)%nat -> r k = (S k <=? c)%nat) ->
  bigsum n (fun k => jump f k * Z.b2z (r k)) = Z.b2z (f (Nat.min n c)) - Z.b2z (f 0%nat).
Proof.
  induction n as [| n IH]; intro H; [unfold bigsum; simpl; lia |].
  rewrite bigsum_S, IH, H by auto with arith. unfold jump.
  destruct (Nat.leb_spec (S n) c); cbn [Z.b2z].
  - rewrite !Nat.min_l by lia. lia.
  - rewrite !Nat.min_r by lia. lia.
Qed.

(* The last gate: from f 0, the changes of f at all numbers of ones that are reached. *)
Definition steps (f : nat -> bool) (n : nat) : tree :=
  TThr (map (fun k => (jump f k, (false, at_least n (S k)))) (seq 0 n)) (1 - Z.b2z (f 0%nat)).

(* First all [at least k of n inputs are 1] for k = 1 .. n, then the changes of f (Muroga 1959). *)
Definition symmetric (f : nat -> bool) (n : nat) : circuit :=
  bits_of n (map (fun k => at_least n (S k)) (seq 0 n) ++ [steps f n]) [steps f n].

(* What the last gate reads. *)
Lemma kids_steps f n : kids (steps f n) = map (fun k => at_least n (S k)) (seq 0 n).
Proof. simpl. rewrite map_map. reflexivity. Qed.

(* The last gate is f of the number of ones. *)
Lemma teval_steps f n x : teval x (steps f n) = f (ones n x).
Proof.
  unfold steps. rewrite teval_thr, wsum_seq, (jumps f n (ones n x)).
  - rewrite Nat.min_r by apply ones_le. apply eq_true_iff_eq. rewrite Z.leb_le.
    destruct (f (ones n x)), (f 0%nat); simpl; split; try discriminate; lia.
  - intros k _. rewrite leval_pos. apply teval_at_least.
Qed.

(* Any function f of the number of ones takes n + 1 gates on two levels, with weights -1, 0, 1. If
   f changes at every number, as parity does, no weight is 0. *)
Theorem symmetric_ok f n : (1 <= n)%nat -> let c := symmetric f n in
  wf c /\ depth c = 2%nat /\ size c = (n + 1)%nat /\ wires c = (n * n + n)%nat /\
  all_weights (fun w => Z.abs w <= 1) c /\
  ((forall k, f (S k) = negb (f k)) -> all_weights (fun w => Z.abs w = 1) c) /\
  forall x, eval c x = [Z.b2z (f (ones n x))].
Proof.
  intro N. set (A := map (fun k => at_least n (S k)) (seq 0 n)).
  assert (IA : forall g, In g A -> exists k, g = at_least n (S k)).
  { intros g I. apply in_map_iff in I. destruct I as (k & <- & _). eauto. }
  destruct (layers_ok n 2 (A ++ [steps f n]) [steps f n]) as (W & [D L] & S & R & X & V).
  - apply next_layer.
    + apply one_layer. intros g I. destruct (IA g I) as [k ->]. apply fits_at_least.
    + intros g [<- | []]. split; [exact I |]. rewrite kids_steps. intros c C.
      destruct (IA c C) as [k ->]. exact C.
  - intros t [<- | []]. apply in_or_app. right. now left.
  - change (bits_of n (A ++ [steps f n]) [steps f n]) with (symmetric f n) in *.
    split; [exact W |]. split; [| split; [| split; [| split; [| split]]]].
    + apply Nat.le_antisymm; [exact D |].
      eapply Nat.le_trans; [| apply (L (steps f n)); apply in_or_app; right; now left].
      eapply Nat.le_trans; [| apply (tlev_above (steps f n) (at_least n 1) I); rewrite kids_steps].
      * simpl. lia.
      * apply in_map_iff. exists 0%nat. split; [reflexivity | apply in_seq; lia].
    + rewrite S, app_length. unfold A. rewrite map_length, seq_length. reflexivity.
    + rewrite R, map_app, list_sum_app. cbn [map list_sum fold_right]. rewrite kids_steps.
      unfold A. rewrite wires_at_least, map_length, seq_length. lia.
    + apply X. intros g I. apply in_app_or in I. destruct I as [I | [<- | []]].
      * destruct (IA g I) as [k ->]. eapply Forall_impl; [| apply weights_at_least].
        intros w <-. lia.
      * simpl. rewrite map_map. apply Forall_map, Forall_forall. intros k _. simpl. unfold jump.
        destruct (f k), (f (Datatypes.S k)); simpl; lia.
    + intro F. apply X. intros g I. apply in_app_or in I. destruct I as [I | [<- | []]].
      * destruct (IA g I) as [k ->]. eapply Forall_impl; [| apply weights_at_least].
        intros w <-. reflexivity.
      * simpl. rewrite map_map. apply Forall_map, Forall_forall. intros k _. simpl. unfold jump.
        rewrite F. destruct (f k); reflexivity.
    + intro x. rewrite V. cbn [map]. now rewrite teval_steps.
Qed.
Print Assumptions symmetric_ok.

(* Symmetric functions, one for each n, are in TC0, on two levels. *)
Theorem symmetric_TC0 (f : nat -> nat -> bool) : TC0_family 2 (fun n => symmetric (f n) n).
Proof.
  exists [1; 1]%nat. intros n N. destruct (symmetric_ok (f n) n N) as (W & D & S & _).
  rewrite D, S. simpl. split; [exact W |]. lia.
Qed.
Print Assumptions symmetric_TC0.

(* ---- parity ---- *)

(* Whether the number of ones is odd. *)
Definition parity : nat -> circuit := symmetric Nat.odd.

(* Parity of n bits takes n + 1 gates on two levels; all weights are 1 or -1. *)
Theorem parity_ok n : (1 <= n)%nat -> let c := parity n in
  wf c /\ depth c = 2%nat /\ size c = (n + 1)%nat /\ wires c = (n * n + n)%nat /\
  all_weights (fun w => Z.abs w = 1) c /\
  forall x, eval c x = [Z.b2z (fold_right xorb false (map x (seq 0 n)))].
Proof.
  intro N. destruct (symmetric_ok Nat.odd n N) as (W & D & S & R & _ & X & V). fold (parity n) in *.
  repeat (split; [assumption |]). split.
  - apply X. intro k. rewrite Nat.odd_succ, <- Nat.negb_odd. reflexivity.
  - intro x. rewrite V. do 2 f_equal. unfold ones.
    induction (seq 0 n) as [| i l IH]; [reflexivity |]. cbn [filter map fold_right].
    rewrite <- IH. destruct (x i); [| now rewrite xorb_false_l]. cbn [length].
    rewrite Nat.odd_succ, <- Nat.negb_odd. reflexivity.
Qed.
Print Assumptions parity_ok.

(* Parity is in TC0, on two levels. *)
Theorem parity_TC0 : TC0_family 2 parity.
Proof. apply (symmetric_TC0 (fun _ => Nat.odd)). Qed.
Print Assumptions parity_TC0.

(* ---- remainders ---- *)

(* The last gate: the number of ones, less m for each multiple of m that it reaches, is positive. *)
Definition left_over (m n : nat) : tree :=
  TThr (map (fun k => (- Z.of_nat m, (false, at_least n (S k * m)))) (seq 0 (n / m)) ++ units n) 1.

(* The circuit of tc0's problems `parity`, with m = 2, and `mod`, whose answer is the complement. *)
Definition remainder (m n : nat) : circuit :=
  bits_of n (map (fun k => at_least n (S k * m)) (seq 0 (n / m)) ++ [left_over m n])
    [left_over m n].

(* What the last gate reads. *)
Lemma kids_left_over m n : kids (left_over m n) =
  map (fun k => at_least n (S k * m)) (seq 0 (n / m)) ++ map TIn (seq 0 n).
Proof. simpl. rewrite map_app, map_map. unfold units. rewrite map_map. reflexivity. Qed.

(* The last gate is whether a remainder is left. *)
Lemma teval_left_over m n x : (1 <= m)%nat ->
  teval x (left_over m n) = negb (ones n x mod m =? 0)%nat.
Proof.
  intro M. unfold left_over. rewrite teval_thr, wsum_app, wsum_units, wsum_seq, bigsum_mul.
  pose proof (count_levels 0 (Z.of_nat (ones n x / m)) (n / m)) as C.
  rewrite (bigsum_ext _ _ (fun k => Z.b2z (0 + 1 + Z.of_nat k <=? Z.of_nat (ones n x / m)))).
  - unfold bigsum. unfold clip in C.
    pose proof (Nat.div_le_mono _ _ m ltac:(lia) (ones_le n x)).
    pose proof (Nat.div_mod (ones n x) m ltac:(lia)) as E.
    apply eq_true_iff_eq. rewrite Z.leb_le, negb_true_iff, Nat.eqb_neq. nia.
  - intros k _. f_equal. rewrite leval_pos, teval_at_least. apply eq_true_iff_eq.
    rewrite Z.leb_le, Nat.leb_le. pose proof (Nat.div_mod (ones n x) m ltac:(lia)).
    pose proof (Nat.mod_upper_bound (ones n x) m ltac:(lia)). nia.
Qed.

(* Whether the number of ones is no multiple of m takes n / m + 1 gates on two levels; but weights
   are up to m, and the last gate reads the inputs, too. *)
Theorem remainder_ok m n : (1 <= m)%nat -> let c := remainder m n in
  wf c /\ (depth c <= 2)%nat /\ size c = (n / m + 1)%nat /\ wires c = ((n + 1) * (n / m) + n)%nat /\
  all_weights (fun w => Z.abs w <= Z.of_nat m) c /\
  forall x, eval c x = [Z.b2z (negb (ones n x mod m =? 0)%nat)].
Proof.
  intro M. set (A := map (fun k => at_least n (S k * m)) (seq 0 (n / m))).
  assert (IA : forall g, In g A -> exists k, g = at_least n (S k * m)).
  { intros g J. apply in_map_iff in J. destruct J as (k & <- & _). eauto. }
  destruct (layers_ok n 2 (A ++ [left_over m n]) [left_over m n]) as (W & [D _] & S & R & X & V).
  - apply next_layer.
    + apply one_layer. intros g J. destruct (IA g J) as [k ->]. apply fits_at_least.
    + intros g [<- | []]. split; [exact I |]. rewrite kids_left_over. intros c C.
      apply in_app_or in C. destruct C as [C | C]; [destruct (IA c C) as [k ->]; exact C |].
      apply in_map_iff in C. destruct C as (i & <- & C). apply in_seq in C. simpl. lia.
  - intros t [<- | []]. apply in_or_app. right. now left.
  - change (bits_of n (A ++ [left_over m n]) [left_over m n]) with (remainder m n) in *.
    split; [exact W |]. split; [exact D |]. split; [| split; [| split]].
    + rewrite S, app_length. unfold A. rewrite map_length, seq_length. reflexivity.
    + rewrite R, map_app, list_sum_app. cbn [map list_sum fold_right]. rewrite kids_left_over.
      unfold A. rewrite (wires_at_least n (fun k => (Datatypes.S k * m)%nat)).
      rewrite app_length, !map_length, !seq_length. lia.
    + apply X. intros g J. apply in_app_or in J. destruct J as [J | [<- | []]].
      * destruct (IA g J) as [k ->]. eapply Forall_impl; [| apply weights_at_least].
        intros w <-. lia.
      * cbn [tweights left_over]. unfold units. rewrite map_app, !map_map.
        apply Forall_app. split; apply Forall_map, Forall_forall; intros k _; cbn [fst]; lia.
    + intro x. rewrite V. cbn [map]. now rewrite teval_left_over.
Qed.
Print Assumptions remainder_ok.

(* Whether the number of ones is no multiple of m is in TC0, on two levels. *)
Theorem remainder_TC0 m : (1 <= m)%nat -> TC0_family 2 (remainder m).
Proof.
  intro M. exists [1; 1]%nat. intros n _. destruct (remainder_ok m n M) as (W & D & S & _).
  rewrite S. simpl. split; [exact W |]. split; [exact D |].
  pose proof (Nat.div_le_upper_bound n m n ltac:(lia) ltac:(nia)). lia.
Qed.
Print Assumptions remainder_TC0.

(* With m = 2, half as many gates compute what parity does. *)
Theorem half_parity n x : (1 <= n)%nat -> eval (remainder 2 n) x = eval (parity n) x.
Proof.
  intro N. destruct (remainder_ok 2 n) as (_ & _ & _ & _ & _ & ->); [lia |].
  destruct (symmetric_ok Nat.odd n N) as (_ & _ & _ & _ & _ & _ & V).
  unfold parity. rewrite V. do 2 f_equal. apply eq_true_iff_eq.
  rewrite negb_true_iff, Nat.eqb_neq, Nat.odd_spec. unfold Nat.Odd.
  pose proof (Nat.div_mod (ones n x) 2 ltac:(lia)).
  pose proof (Nat.mod_upper_bound (ones n x) 2 ltac:(lia)).
  split; [exists (ones n x / 2)%nat; lia | intros [q E]; lia].
Qed.
Print Assumptions half_parity.
